package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import java.net.InetAddress;
import java.util.Optional;

/// What one name server, at one of its addresses, had to say.
///
/// @param server its name
/// @param address where it was asked; empty if it has none
/// @param name what it was asked for
/// @param verdict what that means
/// @param why in words, such as `it does not exist`
/// @param published what it has there, no records where there are none; empty if it did not tell
/// @param <R> what one record holds
public record ServerFinding<R>(
        DomainName server,
        Optional<InetAddress> address,
        DomainName name,
        Verdict verdict,
        String why,
        Optional<PublishedSet<R>> published) {
    /// What an answer means to somebody who waits for a record.
    public enum Verdict {
        /// The record is there as it should be.
        RIGHT,
        /// The name is an alias of one that is asked for as well.
        ALIAS,
        /// There is no such record, or another one.
        WRONG,
        /// It does not speak for the name.
        REFERRAL,
        /// It does not tell.
        SILENT,
        /// There is no way to this address from here.
        NO_ROUTE,
        /// The server has no address, so nobody can ask it.
        NO_ADDRESS;

        /// Whether the server spoke for the name.
        boolean isAnswer() {
            return this == RIGHT || this == ALIAS || this == WRONG;
        }
    }

    /// The server and its address, such as `ns1.example.org (192.0.2.53)`.
    public String place() {
        return server + address.map(at -> " (" + at.getHostAddress() + ")").orElse("");
    }
}
