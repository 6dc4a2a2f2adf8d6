package dev.postern.route;

import dev.postern.dns.DomainName;
import java.util.Optional;

/// One domain, or all domains below one.
///
/// @param domain the domain
/// @param below whether the names below the domain are meant, and not itself
public record DomainPattern(DomainName domain, boolean below) {
    private static final String BELOW = "*.";

    /// The pattern that `example.org` or `*.example.org` is; empty for anything else.
    public static Optional<DomainPattern> parse(String text) {
        boolean below = text.startsWith(BELOW);
        return DomainName.parse(below ? text.substring(BELOW.length()) : text)
                .map(domain -> new DomainPattern(domain, below));
    }

    /// The pattern of exactly one domain.
    public static DomainPattern exactly(DomainName domain) {
        return new DomainPattern(domain, false);
    }

    /// Whether a domain is meant.
    public boolean covers(DomainName name) {
        return below ? name.isWithin(domain) && !name.equals(domain) : name.equals(domain);
    }

    @Override
    public String toString() {
        return below ? BELOW + domain : domain.text();
    }
}
