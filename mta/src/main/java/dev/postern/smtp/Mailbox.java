package dev.postern.smtp;

import dev.postern.dns.DomainName;
import java.util.Optional;

/// An address: a local part at a host, together at most {@value #MAX_OCTETS} octets on the wire.
///
/// @rfc 5321 §4.1.2
public record Mailbox(LocalPart localPart, Host host) implements ReversePath, ForwardPath {
    /// The longest mailbox in octets: a path has 256, angle brackets included (RFC 5321
    /// §4.5.3.1.3).
    public static final int MAX_OCTETS = 254;

    /// @throws IllegalArgumentException if both together are too long
    public Mailbox {
        if (octets(localPart, host) > MAX_OCTETS) {
            throw new IllegalArgumentException("a mailbox of " + octets(localPart, host) + " octets");
        }
    }

    /// The mailbox that a text in wire form is, without angle brackets, UTF-8 allowed; empty if it
    /// is none.
    public static Optional<Mailbox> parse(String text) {
        try {
            PathReader reader = new PathReader(text, 0, "5.1.3");
            Mailbox mailbox = reader.mailbox();
            return reader.atEnd() ? Optional.of(mailbox) : Optional.empty();
        } catch (SyntaxFault notMailbox) {
            return Optional.empty(); // the fault is how the reader says "no"
        }
    }

    /// The mailbox of a local part, as meant, at a domain.
    public static Mailbox of(String localPart, DomainName domain) {
        return new Mailbox(new LocalPart(localPart), new Host.Domain(domain));
    }

    /// The mailbox of both, empty if they are too long together.
    static Optional<Mailbox> fits(LocalPart localPart, Host host) {
        return octets(localPart, host) > MAX_OCTETS ? Optional.empty() : Optional.of(new Mailbox(localPart, host));
    }

    private static int octets(LocalPart localPart, Host host) {
        return Text.octets(localPart.toString()) + 1 + host.toString().length();
    }

    /// Whether it needs SMTPUTF8.
    @Override
    public boolean isInternational() {
        return localPart.isInternational();
    }

    /// The wire form without angle brackets: `alice@example.org`, `"odd one"@example.org`,
    /// `bob@[192.0.2.1]`.
    @Override
    public String toString() {
        return localPart + "@" + host;
    }
}
