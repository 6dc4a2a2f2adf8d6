package dev.postern.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// When an authority wants a certificate to be renewed.
///
/// @param end after the start
/// @param explanation a page about the reason, where the authority names one
/// @param askAgain when this may have changed
/// @spec https://www.rfc-editor.org/rfc/rfc9773 RFC 9773 §4.2
record RenewalWindow(Instant start, Instant end, Optional<String> explanation, Instant askAgain) {
    /// A moment within, each as likely as another, so that not all come at once.
    Instant anyMoment(RandomGenerator random) {
        long millis = Math.max(1, Duration.between(start, end).toMillis());
        return start.plusMillis(random.nextLong(millis));
    }
}
