package dev.postern.dns;

import java.util.Optional;

/// A mail exchanger (RFC 5321 §5.1); without a host it is the null MX, "this domain takes no mail"
/// (RFC 7505 §3).
///
/// @param preference 0 to 65535, the lower the better
/// @param host the exchanger, empty for the root name "."
public record MxRecord(int preference, Optional<DomainName> host) {
    public MxRecord {
        if (preference < 0 || preference > 0xFFFF) {
            throw new IllegalArgumentException("preference " + preference);
        }
    }

    /// The exchanger with a host.
    public static MxRecord of(int preference, String host) {
        return new MxRecord(preference, Optional.of(DomainName.of(host)));
    }
}
