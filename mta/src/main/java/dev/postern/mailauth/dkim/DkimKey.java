package dev.postern.mailauth.dkim;

import dev.postern.crypto.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// A private key that signs mail, with its public half. Shared by all threads.
public final class DkimKey {
    /// RFC 8301 §3.2 lets signers go down to 1024, and recommends this.
    private static final int LEAST_RSA_BITS = 2048;

    private static final int MOST_RSA_BITS = 4096;
    private static final int ED25519_OCTETS = 32;

    private final KeyPair pair;
    private final DkimAlgorithm algorithm;
    private final PrivateKey signingKey;
    private final Optional<Provider> provider;

    private DkimKey(KeyPair pair, DkimAlgorithm algorithm, Optional<Provider> provider) throws IOException {
        this.pair = pair;
        this.algorithm = algorithm;
        this.provider = provider;
        try {
            this.signingKey = algorithm
                    .keyFactory(provider)
                    .generatePrivate(new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("the key cannot be used: " + e.getMessage(), e);
        }
    }

    /// The key of a PEM text: RSA of 2048 to 4096 bits or Ed25519, not encrypted.
    ///
    /// @param source what errors call the text, such as the name of its file
    /// @param provider signs, where it knows the algorithm; else the JDK does
    /// @throws IOException if there is no such key, with a sentence for the administrator
    public static DkimKey parse(String pem, String source, Optional<Provider> provider) throws IOException {
        KeyPair pair = Pem.parsePair(pem, source);
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
                throw new IOException("the RSA key in " + source + " has " + bits + " bits; "
                        + (bits < LEAST_RSA_BITS
                                ? "keys below " + LEAST_RSA_BITS + " can be broken, and nothing is signed with them"
                                : "many verifiers take no more than " + MOST_RSA_BITS + ", and 2048 is right"));
            }
            return new DkimKey(pair, DkimAlgorithm.RSA_SHA256, provider);
        }
        if (Arrays.asList("Ed25519", "EdDSA").contains(pair.getPublic().getAlgorithm())
                && pair.getPublic().getEncoded().length <= ED25519_OCTETS + 12) {
            return new DkimKey(pair, DkimAlgorithm.ED25519_SHA256, provider);
        }
        throw new IOException("the key in " + source + " is for "
                + pair.getPublic().getAlgorithm() + "; mail is signed with RSA or Ed25519");
    }

    /// A new key: RSA of 2048 bits, or Ed25519.
    ///
    /// @throws IOException if the machine cannot make keys
    public static DkimKey generate(DkimAlgorithm algorithm, Optional<Provider> provider) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.keyName());
            switch (algorithm) {
                case RSA_SHA256 -> generator.initialize(LEAST_RSA_BITS);
                case ED25519_SHA256 -> {} // there is one size
            }
            return new DkimKey(generator.generateKeyPair(), algorithm, provider);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a key: " + e.getMessage(), e);
        }
    }

    /// What it signs with.
    public DkimAlgorithm algorithm() {
        return algorithm;
    }

    /// The private key as PEM text (PKCS #8), which nobody else may read.
    public String pem() throws IOException {
        return Pem.write(pair);
    }

    /// The text of the TXT record to publish, in one string: a master file wants it in pieces of at
    /// most 255 octets.
    ///
    /// @rfc 6376 §3.6.1
    /// @rfc 8463 §4
    public String record() {
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] key = switch (algorithm) {
            case RSA_SHA256 -> encoded;
            case ED25519_SHA256 -> Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length);
        };
        return "v=DKIM1; k=" + algorithm.keyType() + "; p="
                + Base64.getEncoder().encodeToString(key);
    }

    /// Why verifiers that find this record would not check signatures of this key by it, in words; empty if they
    /// would.
    ///
    /// @param record the text of a TXT record, one char an octet
    public Optional<String> faultOf(String record) {
        try {
            KeyRecord published = KeyRecord.parse(record);
            PublishedKey key =
                    PublishedKey.read(algorithm, published.keyFor(algorithm), DkimSettings.usual(), Optional.empty());
            return Arrays.equals(key.key().getEncoded(), pair.getPublic().getEncoded())
                    ? Optional.empty()
                    : Optional.of("another key is published there");
        } catch (SignatureFault fault) {
            return Optional.of(fault.why());
        }
    }

    /// The text of the record that says that a key is used no more.
    ///
    /// @rfc 6376 §3.6.1
    public static String revokedRecord() {
        return "v=DKIM1; p=";
    }

    /// Whether a record says that its key is used no more.
    public static boolean isRevoked(String record) {
        try {
            return KeyRecord.parse(record).key().isEmpty();
        } catch (SignatureFault none) {
            return false; // what is no record of a key revokes none
        }
    }

    /// Signs the octets that a header gave.
    ///
    /// @return the signature, to be written in base64
    public byte[] sign(byte[] octets) {
        try {
            Signature signer = algorithm.signature(provider);
            signer.initSign(signingKey);
            signer.update(algorithm.message(octets));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that could be read cannot sign", e);
        }
    }

    /// Names the algorithm, never the key.
    @Override
    public String toString() {
        return "DkimKey[" + algorithm.tag() + "]";
    }
}
