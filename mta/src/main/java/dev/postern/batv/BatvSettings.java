package dev.postern.batv;

import dev.postern.dns.DomainName;
import java.util.Set;

/// What the scheme needs to know.
///
/// @param ours our domains: senders in them are signed
/// @param days how long a signed address is good; 1 to {@value #MOST_DAYS}
/// @param unsigned senders that are not signed all the same
public record BatvSettings(Set<DomainName> ours, int days, UnsignedAddresses unsigned) {
    /// Longer than most servers try to deliver a message.
    public static final int USUAL_DAYS = 7;

    /// Far less than the time after which the digits of a day come again.
    public static final int MOST_DAYS = 90;

    /// @throws IllegalArgumentException if the days are out of bounds
    public BatvSettings {
        ours = Set.copyOf(ours);
        if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException("good for " + days + " days");
        }
    }
}
