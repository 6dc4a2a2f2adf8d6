package dev.postern.sasl;

import java.time.Duration;

/// What the server does next in an exchange.
public sealed interface SaslStep {
    /// It asks on.
    ///
    /// @param octets the challenge before base64; may be empty
    @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
    record Challenge(byte[] octets) implements SaslStep {}

    /// The client is who it says.
    ///
    /// @param user the user's canonical name
    record Authenticated(String user) implements SaslStep {}

    /// The client is not.
    ///
    /// @param why for the log: the peer is always told the same
    /// @param claimed the name that the client gave, empty where none could be read
    record Rejected(String why, String claimed) implements SaslStep {}

    /// It is not looked at, because too many tries have failed.
    ///
    /// @param by what the failed tries have in common, such as `address`
    /// @param closedFor how long it will be so
    /// @param claimed the name that the client gave
    record Throttled(String by, Duration closedFor, String claimed) implements SaslStep {}

    /// It cannot be told now.
    ///
    /// @param why for the log
    record Unavailable(String why) implements SaslStep {}
}
