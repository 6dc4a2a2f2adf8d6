package dev.postern.zonerecords;

import dev.postern.dns.DomainName;

/// Names that standards put below those of domains and hosts.
final class Labels {
    /// The longest name below which all of these can stand.
    static final int LONGEST_SUBJECT = 253 - "_smtp._tls.".length();

    private Labels() {}

    /// The name below another.
    ///
    /// @throws IllegalArgumentException if it is too long, see {@link #LONGEST_SUBJECT}
    static DomainName below(DomainName name, String labels) {
        return DomainName.of(labels + "." + name);
    }
}
