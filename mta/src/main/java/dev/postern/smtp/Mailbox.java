package dev.postern.smtp;

import dev.postern.dns.DomainName;

/// An address: a local part at a host (RFC 5321 §4.1.2).
///
/// @rfc 5321 §4.1.2
public record Mailbox(LocalPart localPart, Host host) implements ReversePath, ForwardPath {
    /// The mailbox of a local part, as meant, at a domain.
    public static Mailbox of(String localPart, DomainName domain) {
        return new Mailbox(new LocalPart(localPart), new Host.Domain(domain));
    }

    /// The wire form without angle brackets: `alice@example.org`, `"odd one"@example.org`,
    /// `bob@[192.0.2.1]`.
    @Override
    public String toString() {
        return localPart + "@" + host;
    }
}
