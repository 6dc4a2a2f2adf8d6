package dev.postern.smtpclient;

import dev.postern.event.Event;
import dev.postern.smtp.Reply;
import dev.postern.wire.Endpoint;
import java.time.Duration;

/// What sessions with servers tell.
public sealed interface SmtpClientEvent extends Event {
    /// A session was opened and can take mail.
    ///
    /// @param server where
    /// @param name what the server calls itself
    /// @param encryption how it is encrypted
    /// @param took from the first try to connect
    record HostReached(Endpoint server, String name, Encryption encryption, Duration took) implements SmtpClientEvent {}

    /// No session came about.
    ///
    /// @param step how far it came
    /// @param why in words
    record HostNotReached(Endpoint server, Step step, String why, Duration took) implements SmtpClientEvent {}

    /// A server offered STARTTLS and then did not start TLS, and the session went on in the clear.
    record HostStayedClear(Endpoint server, Reply reply) implements SmtpClientEvent {}

    /// A transaction is over.
    ///
    /// @param taken how many recipients the server took
    /// @param others how many it did not take, or did not tell about
    record TransmissionEnded(Endpoint server, int taken, int others, long octets, Duration took)
            implements SmtpClientEvent {}

    /// A session is over.
    ///
    /// @param transactions how many it had
    record HostLeft(Endpoint server, int transactions) implements SmtpClientEvent {}
}
