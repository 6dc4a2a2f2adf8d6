package dev.postern.app;

import dev.postern.dns.client.AnchorRefresh;
import dev.postern.dns.client.AnchorTable;
import dev.postern.dns.client.DnsClient;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// Asks from time to time for the keys that DNSSEC begins with, lets the resolver trust those that follow, and keeps
/// them; run by one thread of its own.
///
/// @rfc 5011 §2.3
final class TrustAnchorKeeper implements Runnable {
    private final TrustAnchorFile file;
    private final DnsClient dns;
    private final AnchorRefresh refresh;
    private final Events events;
    private AnchorTable table;

    /// @throws IOException if what was kept cannot be read
    TrustAnchorKeeper(TrustAnchorFile file, DnsClient dns, Events events, InstantSource clock) throws IOException {
        this.file = file;
        this.dns = dns;
        this.refresh = new AnchorRefresh(dns, clock);
        this.events = events;
        this.table = file.read();
    }

    /// Works until it is interrupted.
    @Override
    public void run() {
        try {
            while (true) {
                AnchorRefresh.Outcome outcome = refresh.refresh(table);
                outcome.troubles().forEach(why -> events.emit(new MtaEvent.TrustAnchorsUnknown(why)));
                outcome.changes().forEach(change -> events.emit(new MtaEvent.TrustAnchorChanged(change)));
                use(outcome.table());
                TimeUnit.NANOSECONDS.sleep(outcome.next().toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void use(AnchorTable next) {
        if (next.text().equals(table.text())) {
            return;
        }
        try {
            file.write(next);
        } catch (IOException e) {
            // what is trusted is trusted all the same; after a restart it is asked for again
            events.emit(new MtaEvent.TrustAnchorsNotKept(IoFault.sentence(e)));
        }
        if (!next.anchors().equals(table.anchors())) {
            dns.trust(next.anchors());
        }
        table = next;
    }
}
