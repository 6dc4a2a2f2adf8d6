package dev.postern.reporting;

import dev.postern.event.Events;
import dev.postern.event.IoFault;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.Settlement;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// What is done with observations as time goes by: brought to the disk, reported when due, forgotten. Run by one
/// thread; an operator's command may come between, so that its lock guards the sending.
public final class Reporting implements Runnable {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final ObservationLedger<?, ?> ledger;
    private final ReportSender sender;
    private final Supplier<Optional<ReportingSettings>> settings;
    private final Surroundings surroundings;
    private final ReentrantLock sending = new ReentrantLock();
    private long beyond;

    /// What time it is, and who hears of what happens.
    public record Surroundings(InstantSource clock, Events events) {}

    /// @param sender tells others what the ledger counts
    /// @param settings asked each time; empty: nothing is sent
    public Reporting(
            ObservationLedger<?, ?> ledger,
            ReportSender sender,
            Supplier<Optional<ReportingSettings>> settings,
            Surroundings surroundings) {
        this.ledger = ledger;
        this.sender = sender;
        this.settings = settings;
        this.surroundings = surroundings;
    }

    /// What is counted, in the plural: `messages`, `sessions`.
    public String counted() {
        return sender.counted();
    }

    /// Goes round each minute until it is interrupted.
    @Override
    public void run() {
        if (ledger.unread() > 0) {
            surroundings.events().emit(new ReportingEvent.LedgerLinesUnread(ledger.unread()));
        }
        try {
            while (true) {
                Thread.sleep(PERIOD);
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One round.
    public void round() {
        sending.lock();
        try {
            ledger.flush();
            Optional<ReportingSettings> now = settings.get();
            if (now.isPresent()) {
                sender.sendDue(now.get(), surroundings.clock().instant());
            }
            ledger.forget();
            if (ledger.uncounted() > beyond) {
                beyond = ledger.uncounted();
                surroundings.events().emit(new ReportingEvent.ObservationsBeyond(counted(), beyond));
            }
        } catch (IOException e) {
            surroundings.events().emit(new ReportingEvent.ReportingTrouble(IoFault.sentence(e)));
        } finally {
            sending.unlock();
        }
    }

    /// Sends all that is open of a day at once.
    ///
    /// @throws IllegalArgumentException with a sentence, if nothing is to be sent here
    public List<Settlement> sendNow(LocalDate day) throws IOException {
        ReportingSettings now = settings.get()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no reports are sent: write [reports] with from = \"…\" into the configuration"));
        sending.lock();
        try {
            ledger.flush();
            return sender.sendNow(day, now, surroundings.clock().instant());
        } finally {
            sending.unlock();
        }
    }

    /// Brings to the disk what was counted, for the last time.
    public void end() throws IOException {
        ledger.flush();
    }
}
