package dev.postern.tlspolicy.mtasts;

import java.net.URI;
import java.util.Optional;

/// Gets the file of a policy by HTTPS: from the host that is named and no other, by its certificate, without
/// following redirects, within {@link #SECONDS} seconds. Used by any number of threads; blocks.
///
/// @rfc 8461 §3.3
@FunctionalInterface
public interface PolicyFetcher {
    /// How long it may take.
    long SECONDS = 60;

    /// What there is at an address.
    Answer fetch(URI address);

    /// What came of it.
    sealed interface Answer {
        /// The host has answered.
        ///
        /// @param contentType as the host has sent it
        /// @param body one char an octet, up to {@value PolicyParser#LONGEST} of them
        /// @param whole whether that is all
        record Answered(int status, Optional<String> contentType, String body, boolean whole) implements Answer {}

        /// The host has no certificate that is good for its name.
        record Unproven(String why) implements Answer {}

        /// There is no answer.
        record Failed(String why) implements Answer {}
    }
}
