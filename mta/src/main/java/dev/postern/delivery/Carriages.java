package dev.postern.delivery;

import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One worker's carriage, kept from message to message as long as the transport is the same, and parked for the next
/// worker of the lane when this one ends. Used by one thread.
final class Carriages implements AutoCloseable {
    private final Parking parking;
    private final String lane;
    private @Nullable Transport transport;
    private Transport.@Nullable Carriage carriage;

    /// @param lane whose worker it is
    Carriages(Parking parking, String lane) {
        this.parking = parking;
        this.lane = lane;
    }

    /// Carries a consignment by a transport.
    List<DeliveryOutcome> carry(Transport by, Consignment consignment) {
        return fit(by).carry(consignment);
    }

    private Transport.Carriage fit(Transport by) {
        if (carriage == null) {
            parking.take(lane).ifPresent(parked -> {
                carriage = parked.carriage();
                transport = parked.transport();
            });
        }
        Transport.Carriage open = carriage;
        if (open == null || !by.equals(transport)) {
            drop();
            open = by.open();
            carriage = open;
            transport = by;
        }
        return open;
    }

    /// Ends what is open: it is not used again.
    void drop() {
        Transport.Carriage open = carriage;
        carriage = null;
        transport = null;
        if (open != null) {
            open.close();
        }
    }

    /// Parks what is open, where that is worth it.
    void park() {
        Transport.Carriage open = carriage;
        Transport by = transport;
        if (open != null && by != null && open.isConnected() && parking.park(lane, by, open, System.nanoTime())) {
            carriage = null;
            transport = null;
        }
        drop();
    }

    /// The worker ends.
    @Override
    public void close() {
        park();
    }
}
