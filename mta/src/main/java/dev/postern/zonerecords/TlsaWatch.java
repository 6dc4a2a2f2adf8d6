package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Looks now and then whether there are TLSA records of ours, so that it is known when DNS does not tell.
public final class TlsaWatch implements Runnable {
    private static final Duration PAUSE = Duration.ofHours(6);

    private final RolloverGuard.Names names;
    private final RolloverFolder folder;
    private final Events events;

    /// @param folder that of the guard
    public TlsaWatch(RolloverGuard.Names names, Path folder, Events events) {
        this.names = names;
        this.folder = new RolloverFolder(folder);
        this.events = events;
    }

    /// Looks once.
    void look() {
        TlsaInquiry inquiry = new TlsaInquiry(names.resolver(), names.publication());
        List<TlsaInquiry.Heard> heard =
                List.copyOf(new ExchangerNames(names.resolver(), names.site().get()).all()).stream()
                        .map((DomainName host) -> inquiry.ask(host, records -> Optional.empty()))
                        .toList();
        try {
            folder.note(heard);
        } catch (IOException e) {
            events.emit(new RolloverEvent.MemoryLost(IoFault.sentence(e)));
        }
    }

    /// Looks again and again until it is interrupted.
    @Override
    public void run() {
        try {
            while (true) {
                look();
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
