package dev.postern.feedback;

import dev.postern.tlspolicy.TlsTrial;
import java.net.InetAddress;
import java.util.Optional;

/// How some sessions failed that were alike: one of `failure-details`.
///
/// @param result the kind of failure
/// @param sendingMta the address of the client
/// @param receivingMx the server
/// @param sessions how many, 0 to {@value AggregateRow#MOST}
/// @param information where more about it is, usually a URI
/// @param reason more about it
/// @rfc 8460 §4.4
public record TlsFailure(
        TlsTrial.Result result,
        Optional<InetAddress> sendingMta,
        ReceivingMx receivingMx,
        long sessions,
        Optional<String> information,
        Optional<String> reason) {
    /// The server of a session, as far as it is told.
    ///
    /// @param hostname its name in the MX record
    /// @param helo the name it gave itself
    /// @param address its address
    public record ReceivingMx(Optional<String> hostname, Optional<String> helo, Optional<InetAddress> address) {
        /// Texts are made harmless.
        public ReceivingMx {
            hostname = Words.optional(hostname);
            helo = Words.optional(helo);
        }
    }

    /// @throws IllegalArgumentException if the number is out of bounds
    public TlsFailure {
        information = Words.optional(information);
        reason = Words.optional(reason);
        if (sessions < 0 || sessions > AggregateRow.MOST) {
            throw new IllegalArgumentException(sessions + " failed sessions");
        }
    }
}
