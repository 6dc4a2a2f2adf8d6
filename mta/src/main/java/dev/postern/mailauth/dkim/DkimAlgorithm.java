package dev.postern.mailauth.dkim;

import dev.postern.crypto.Sha256;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;

/// How a signature is made: the `a=` tag. SHA-1 is not among the ways (RFC 8301 §3.1).
///
/// @rfc 6376 §3.3
/// @rfc 8463 §3
public enum DkimAlgorithm {
    /// RSASSA-PKCS1-v1_5 over the octets, with SHA-256.
    RSA_SHA256("rsa-sha256", "rsa", "RSA", "SHA256withRSA"),
    /// PureEdDSA on edwards25519, over the SHA-256 of the octets.
    ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519", "Ed25519");

    private final String tag;
    private final String keyType;
    private final String keyName;
    private final String signatureName;

    DkimAlgorithm(String tag, String keyType, String keyName, String signatureName) {
        this.tag = tag;
        this.keyType = keyType;
        this.keyName = keyName;
        this.signatureName = signatureName;
    }

    /// The algorithm that a text names, in whatever case.
    static Optional<DkimAlgorithm> parse(String text) {
        for (DkimAlgorithm algorithm : values()) {
            if (algorithm.tag.equalsIgnoreCase(text)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /// The value of `a=`.
    public String tag() {
        return tag;
    }

    /// The value of `k=` in the record of a key.
    public String keyType() {
        return keyType;
    }

    /// The name of its keys in the JDK.
    String keyName() {
        return keyName;
    }

    private boolean isKnownTo(Provider provider) {
        return provider.getService("Signature", signatureName) != null
                && provider.getService("KeyFactory", keyName) != null;
    }

    /// Makes its keys, by a provider that knows it, else by the JDK.
    KeyFactory keyFactory(Optional<Provider> provider) throws GeneralSecurityException {
        return provider.filter(this::isKnownTo).isPresent()
                ? KeyFactory.getInstance(keyName, provider.get())
                : KeyFactory.getInstance(keyName);
    }

    /// Signs or verifies, by a provider that knows it, else by the JDK.
    Signature signature(Optional<Provider> provider) throws GeneralSecurityException {
        return provider.filter(this::isKnownTo).isPresent()
                ? Signature.getInstance(signatureName, provider.get())
                : Signature.getInstance(signatureName);
    }

    /// What the primitive signs where the header gave these octets.
    byte[] message(byte[] octets) {
        return switch (this) {
            case RSA_SHA256 -> octets;
            case ED25519_SHA256 -> Sha256.of(octets);
        };
    }
}
