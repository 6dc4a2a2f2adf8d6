package dev.postern.dsn;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;

/// Who writes reports, and how much they return.
///
/// @param hostname the name of this server
/// @param name the display name of the author, printable ASCII
/// @param author the address of the author
/// @param returnedWhenAsked octets up to which a failed message is returned whole if its sender
///     asked for it
/// @param returnedUnasked octets up to which it is if its sender said nothing (RFC 3461 §4.3
///     leaves it to us)
public record DsnSettings(
        DomainName hostname, String name, Mailbox author, int returnedWhenAsked, int returnedUnasked) {
    private static final int USUAL_WHEN_ASKED = 1 << 20;
    private static final int USUAL_UNASKED = 50_000;

    /// @throws IllegalArgumentException if the name cannot stand in a header field, or a size is
    ///     negative
    public DsnSettings {
        if (!name.chars().allMatch(c -> c >= ' ' && c < 127 && c != '"' && c != '\\')) {
            throw new IllegalArgumentException("no name for a header field: " + name);
        }
        if (returnedWhenAsked < 0 || returnedUnasked < 0) {
            throw new IllegalArgumentException("a negative size");
        }
    }

    /// The usual sizes and author: `"Mail Delivery System" <postmaster@hostname>`.
    public static DsnSettings of(DomainName hostname) {
        return new DsnSettings(
                hostname, "Mail Delivery System", Mailbox.of("postmaster", hostname), USUAL_WHEN_ASKED, USUAL_UNASKED);
    }
}
