package dev.postern.tls;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The kinds of keys that a certificate may have, the one that costs least first.
public enum KeyKind {
    /// Ed25519 (RFC 8422, RFC 8446), which only the JDK's implementation shows.
    ED25519("Ed25519", "EdDSA"),
    /// ECDSA on one of the curves of NIST.
    ECDSA("ECDSA", "EC"),
    /// RSA.
    RSA("RSA", "RSASSA-PSS");

    private final String words;
    private final String otherName;

    /// @param words as people write it, and some engines
    /// @param otherName as other engines call it
    KeyKind(String words, String otherName) {
        this.words = words;
        this.otherName = otherName;
    }

    /// As it is written for people.
    @Override
    public String toString() {
        return words;
    }

    /// The kind of a certificate's key; empty where it is none of these.
    public static Optional<KeyKind> of(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        return named(key.getAlgorithm());
    }

    /// The kind that TLS engines call so when they ask for a key.
    static Optional<KeyKind> named(String keyType) {
        for (KeyKind kind : values()) {
            if (kind.words.equals(keyType) || kind.otherName.equals(keyType)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /// The kinds whose signatures a client can check.
    ///
    /// @param signatures the names of algorithms as engines tell them, such as `SHA256withECDSA`; where there are
    ///     none the client has said nothing, and every kind may do
    static Set<KeyKind> checkedBy(String[] signatures) {
        if (signatures.length == 0) {
            return EnumSet.allOf(KeyKind.class);
        }
        Set<KeyKind> kinds = EnumSet.noneOf(KeyKind.class);
        for (String signature : signatures) {
            String name = signature.toUpperCase(Locale.ROOT);
            if (name.startsWith("ED")) {
                kinds.add(ED25519);
            } else if (name.contains("ECDSA")) {
                kinds.add(ECDSA);
            } else if (name.contains("RSA")) {
                kinds.add(RSA);
            }
        }
        return kinds;
    }
}
