package dev.postern.dns.client;

import dev.postern.dns.DomainName;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/// Domain names in the library's form and in ours.
final class Names {
    private Names() {}

    /// The library's form of a name.
    static Name of(DomainName name) {
        try {
            return Name.fromString(name.text(), Name.root);
        } catch (TextParseException impossible) {
            throw new IllegalStateException("a domain name that is none: " + name, impossible);
        }
    }

    /// Our form of a name; empty for the root, and for one with characters that no domain name of ours has.
    static Optional<DomainName> of(Name name) {
        return DomainName.parse(name.toString(true));
    }
}
