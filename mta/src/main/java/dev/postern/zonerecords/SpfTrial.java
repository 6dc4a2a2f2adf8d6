package dev.postern.zonerecords;

import dev.postern.dns.DomainName;

/// Tries whether a policy of a domain lets this server send, before or after it is published.
@FunctionalInterface
public interface SpfTrial {
    /// Whether the policy lets every address of this server send; false if it has none.
    ///
    /// @param text of the policy, in the place of what is published
    boolean permits(DomainName domain, String text);

    /// Knows of no policy that lets it.
    static SpfTrial none() {
        return (domain, text) -> false;
    }
}
