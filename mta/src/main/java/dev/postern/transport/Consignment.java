package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.SpooledMessage;
import java.util.List;

/// What one attempt carries: a message for those of its recipients that share a next hop.
///
/// @param message the message with its envelope
/// @param content its content, without the trace fields that go on top
/// @param stops the recipients of this attempt with their routes, all in one lane; at least one
public record Consignment(SpooledMessage message, Content content, List<Stop> stops) {
    /// One recipient and how it is reached.
    public record Stop(Recipient recipient, Route route) {}

    /// @throws IllegalArgumentException if there is nobody to carry it to
    public Consignment {
        stops = List.copyOf(stops);
        if (stops.isEmpty()) {
            throw new IllegalArgumentException("nobody to carry it to");
        }
    }
}
