package dev.postern.transport;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The shortest transport: it delivers everything, into a list; used by any number of threads.
public final class MemoryTransport implements Transport {
    private final ConcurrentLinkedQueue<Carried> arrived = new ConcurrentLinkedQueue<>();

    /// One consignment that arrived.
    ///
    /// @param consignment what was carried, and to whom
    /// @param octets the message as it was sent: trace fields and content, one char an octet
    public record Carried(Consignment consignment, String octets) {}

    @Override
    public Carriage open() {
        return new Carriage() {
            @Override
            public List<DeliveryOutcome> carry(Consignment consignment) {
                try (InputStream content = consignment.content().open()) {
                    String octets = new String(content.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
                    arrived.add(new Carried(consignment, consignment.message().trace() + octets));
                } catch (IOException e) {
                    DeliveryOutcome unread =
                            LocalStops.deferred("4.3.0", "the content cannot be read: " + e.getMessage());
                    return consignment.stops().stream().map(_ -> unread).toList();
                }
                DeliveryOutcome delivered = new DeliveryOutcome.Delivered("memory", Optional.empty(), false, false);
                return consignment.stops().stream().map(_ -> delivered).toList();
            }

            @Override
            public void close() {
                // nothing is kept open between messages
            }
        };
    }

    /// What has arrived so far, in its order.
    public List<Carried> arrived() {
        return new ArrayList<>(arrived);
    }
}
