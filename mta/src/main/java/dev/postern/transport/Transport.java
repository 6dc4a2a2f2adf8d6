package dev.postern.transport;

import java.util.List;

/// A means to carry messages to one kind of next hop; shared by all attempts.
@FunctionalInterface
public interface Transport {
    /// One worker's use of the transport: it may keep a connection open between messages.
    Carriage open();

    /// Used by one thread at a time, for one lane.
    interface Carriage extends AutoCloseable {
        /// Carries a message one hop and tells what came of it for each stop, in their order.
        /// Never throws for what the peer, the network or the disk does: that is an outcome.
        List<DeliveryOutcome> carry(Consignment consignment);

        /// Whether it has a connection that another message could use.
        default boolean isConnected() {
            return false;
        }

        /// Ends the connection, if one is open, politely and quickly.
        @Override
        void close();
    }
}
