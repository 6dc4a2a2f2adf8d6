package dev.postern.dns.client;

import dev.postern.dns.DomainName;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;

/// A secret that we share with a name server, by which each knows the other's messages.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8945 RFC 8945
public final class TsigKey {
    private static final int LEAST_OCTETS = 16;

    private final DomainName name;
    private final Algorithm algorithm;
    private final byte[] secret;

    /// How the messages are hashed (RFC 8945 §6); the weaker ones are not used.
    public enum Algorithm {
        /// SHA-256.
        HMAC_SHA256(TSIG.HMAC_SHA256, "HmacSHA256"),
        /// SHA-384.
        HMAC_SHA384(TSIG.HMAC_SHA384, "HmacSHA384"),
        /// SHA-512.
        HMAC_SHA512(TSIG.HMAC_SHA512, "HmacSHA512");

        @SuppressWarnings("ImmutableEnumChecker") // a name of the library never changes
        private final Name onTheWire;

        private final String ofThePlatform;

        Algorithm(Name onTheWire, String ofThePlatform) {
            this.onTheWire = onTheWire;
            this.ofThePlatform = ofThePlatform;
        }

        /// The name in configurations, such as `hmac-sha256`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// The algorithm of this name; empty if there is none.
        public static Optional<Algorithm> parse(String word) {
            return Stream.of(values())
                    .filter(algorithm -> algorithm.word().equals(word))
                    .findFirst();
        }
    }

    private TsigKey(DomainName name, Algorithm algorithm, byte[] secret) {
        this.name = name;
        this.algorithm = algorithm;
        this.secret = secret;
    }

    /// The key whose secret is this text in base64; empty if it is no base64, or shorter than 16 octets (RFC 8945
    /// §8).
    ///
    /// @param name what both sides call it
    public static Optional<TsigKey> parse(DomainName name, Algorithm algorithm, String base64) {
        try {
            byte[] secret = Base64.getDecoder().decode(base64.strip());
            return secret.length < LEAST_OCTETS ? Optional.empty() : Optional.of(new TsigKey(name, algorithm, secret));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    /// What both sides call it.
    public DomainName name() {
        return name;
    }

    TSIG library(InstantSource clock) {
        return new TSIG(
                algorithm.onTheWire,
                Names.of(name),
                new SecretKeySpec(secret, algorithm.ofThePlatform),
                clock.withZone(ZoneOffset.UTC));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TsigKey key
                && name.equals(key.name)
                && algorithm == key.algorithm
                && Arrays.equals(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, algorithm);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return name + " (" + algorithm.word() + ")";
    }
}
