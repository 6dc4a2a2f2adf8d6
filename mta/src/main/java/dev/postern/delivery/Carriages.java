package dev.postern.delivery;

import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One worker's carriage, kept from message to message as long as the transport is the same. Used
/// by one thread.
final class Carriages implements AutoCloseable {
    private @Nullable Transport transport;
    private Transport.@Nullable Carriage carriage;

    /// Carries a consignment by a transport.
    List<DeliveryOutcome> carry(Transport by, Consignment consignment) {
        Transport.Carriage open = carriage;
        if (open == null || !by.equals(transport)) {
            close();
            open = by.open();
            carriage = open;
            transport = by;
        }
        return open.carry(consignment);
    }

    @Override
    public void close() {
        Transport.Carriage open = carriage;
        carriage = null;
        transport = null;
        if (open != null) {
            open.close();
        }
    }
}
