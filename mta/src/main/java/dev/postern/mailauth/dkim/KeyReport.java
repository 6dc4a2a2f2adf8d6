package dev.postern.mailauth.dkim;

import java.util.Optional;

/// What a TXT record says of a key, and what is wrong with it, for whoever publishes it.
///
/// @param keyType `k=`, such as `rsa`; empty if the record cannot be read
/// @param bits the length of the key, 0 if it cannot be used
/// @param testing t=y: signatures by it prove nothing yet
/// @param strict t=s: subdomains may not sign by it
/// @param fault why no signature by it will pass, in words
/// @rfc 6376 §3.6.1
public record KeyReport(String keyType, int bits, boolean testing, boolean strict, Optional<String> fault) {
    /// The report on the text of a record.
    public static KeyReport of(String text, DkimSettings settings) {
        KeyReport known = new KeyReport("", 0, false, false, Optional.empty());
        try {
            KeyRecord record = KeyRecord.parse(text);
            known = new KeyReport(record.keyType(), 0, record.testing(), record.strict(), Optional.empty());
            DkimAlgorithm algorithm = algorithm(record);
            int bits = PublishedKey.read(algorithm, record.keyFor(algorithm), settings, Optional.empty())
                    .bits();
            return new KeyReport(known.keyType, bits, known.testing, known.strict, Optional.empty());
        } catch (SignatureFault fault) {
            return new KeyReport(known.keyType, 0, known.testing, known.strict, Optional.of(fault.why()));
        }
    }

    private static DkimAlgorithm algorithm(KeyRecord record) throws SignatureFault {
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            if (algorithm.keyType().equalsIgnoreCase(record.keyType())) {
                return algorithm;
            }
        }
        throw SignatureFault.permanent("k= is neither rsa nor ed25519");
    }
}
