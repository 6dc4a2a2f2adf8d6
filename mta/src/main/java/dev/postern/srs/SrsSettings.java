package dev.postern.srs;

import dev.postern.dns.DomainName;
import java.util.Set;

/// What the scheme needs to know.
///
/// @param domain where rewritten addresses are: one whose mail comes to us
/// @param ours our domains: senders in them stay as they are, and return addresses in any of them
///     are ours
/// @param days how long an address is good; 1 to {@value #MOST_DAYS}
public record SrsSettings(DomainName domain, Set<DomainName> ours, int days) {
    /// Longer than any server tries to deliver a message and its report.
    public static final int USUAL_DAYS = 21;

    /// Half of the time after which the letters of a day come again.
    public static final int MOST_DAYS = 512;

    /// @throws IllegalArgumentException if the domain is not among ours, or the days are out of
    ///     bounds
    public SrsSettings {
        ours = Set.copyOf(ours);
        if (!ours.contains(domain)) {
            throw new IllegalArgumentException(domain + " is none of our domains");
        }
        if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException("good for " + days + " days");
        }
    }
}
