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

    /// What a char of the local part takes on the wire at most: three octets of UTF-8, or a backslash
    /// and one.
    private static final int MOST_OCTETS_PER_CHAR = 3;

    private static final int QUOTES = 2;

    /// @throws IllegalArgumentException if both together are too long
    public Mailbox {
        if (!fits(localPart, host)) {
            throw new IllegalArgumentException("a mailbox of more than " + MAX_OCTETS + " octets");
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

    /// Whether both together are short enough for a mailbox.
    static boolean fits(LocalPart localPart, Host host) {
        int rest = MAX_OCTETS - 1 - host.toString().length();
        boolean surely = localPart.value().length() * MOST_OCTETS_PER_CHAR + QUOTES <= rest;
        return surely || Text.octets(localPart.toString()) <= rest;
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
