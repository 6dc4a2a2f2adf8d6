package dev.postern.mailauth.arc;

import java.util.Locale;
import java.util.Optional;

/// What a chain is worth: the Chain Validation Status, which seals tell in `cv=`.
///
/// @rfc 8617 §4.4
public enum ArcStatus {
    /// There is no chain.
    NONE,
    /// The chain is whole.
    PASS,
    /// The chain is broken, and stays so.
    FAIL;

    /// The word, in lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The status that a word is, in whatever case.
    static Optional<ArcStatus> parse(String text) {
        for (ArcStatus status : values()) {
            if (status.name().equalsIgnoreCase(text)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
