package dev.postern.mailauth.dkim;

import java.security.Provider;
import java.util.Optional;

/// What a record of a key comes to, for signatures of one algorithm.
sealed interface ReadKey {
    /// A key to check signatures by.
    record Usable(PublishedKey key, KeyCheck.Key known) implements ReadKey {}

    /// None.
    ///
    /// @param outcome of every signature that needs it
    /// @param why in words
    record Unusable(DkimOutcome outcome, String why, KeyCheck.Key known) implements ReadKey {}

    /// Reads the text of a record.
    ///
    /// @param provider makes the key, where there is one that knows the algorithm
    static ReadKey of(String text, DkimAlgorithm algorithm, DkimSettings settings, Optional<Provider> provider) {
        KeyCheck.Key known = KeyCheck.Key.NONE;
        try {
            KeyRecord record = KeyRecord.parse(text);
            known = new KeyCheck.Key(0, record.testing(), record.strict());
            PublishedKey key = PublishedKey.read(algorithm, record.keyFor(algorithm), settings, provider);
            return new Usable(key, new KeyCheck.Key(key.bits(), record.testing(), record.strict()));
        } catch (SignatureFault fault) {
            return new Unusable(fault.outcome(), fault.why(), known);
        }
    }
}
