package dev.postern.mailauth.dkim;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/// A public key as its record holds it.
///
/// @param bits 256 for Ed25519, else the length of the RSA modulus
record PublishedKey(PublicKey key, int bits) {
    private static final int ED25519_OCTETS = 32;
    private static final int ED25519_BITS = 256;
    private static final int EXPONENT_BITS = 33;
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0};
    private static final byte[] RSA_OBJECT = {0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1};
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OBJECT = 0x06;
    private static final int SEQUENCE = 0x30;

    /// The key that octets are.
    ///
    /// @throws SignatureFault if they are none, or one that we do not use
    ///
    /// @param provider makes the key, where there is one that knows the algorithm
    static PublishedKey read(DkimAlgorithm algorithm, byte[] octets, DkimSettings settings, Optional<Provider> provider)
            throws SignatureFault {
        try {
            KeyFactory factory = algorithm.keyFactory(provider);
            return switch (algorithm) {
                case RSA_SHA256 -> rsa(octets, settings, factory);
                case ED25519_SHA256 -> ed25519(octets, factory);
            };
        } catch (GeneralSecurityException e) {
            throw noKey();
        }
    }

    private static SignatureFault noKey() {
        return SignatureFault.permanent("p= of the key is no key");
    }

    /// @rfc 8463 §4
    private static PublishedKey ed25519(byte[] octets, KeyFactory factory)
            throws GeneralSecurityException, SignatureFault {
        if (octets.length != ED25519_OCTETS) {
            throw noKey();
        }
        byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + ED25519_OCTETS);
        System.arraycopy(octets, 0, encoded, ED25519_PREFIX.length, ED25519_OCTETS);
        PublicKey key = factory.generatePublic(new X509EncodedKeySpec(encoded));
        return new PublishedKey(key, ED25519_BITS);
    }

    /// Reads an RSAPublicKey as RFC 6376 §3.6.1 says, or a SubjectPublicKeyInfo around one as
    /// everybody does.
    ///
    /// @rfc 8301 §3.2
    private static PublishedKey rsa(byte[] octets, DkimSettings settings, KeyFactory factory)
            throws GeneralSecurityException, SignatureFault {
        Der key = new Der(octets).enter(SEQUENCE);
        if (key.tag() == SEQUENCE) {
            byte[] object = key.enter(SEQUENCE).take(OBJECT);
            byte[] bits = key.take(BIT_STRING);
            if (!Arrays.equals(object, RSA_OBJECT) || bits.length == 0 || bits[0] != 0) {
                throw noKey();
            }
            key = new Der(Arrays.copyOfRange(bits, 1, bits.length)).enter(SEQUENCE);
        }
        byte[] modulusOctets = key.take(INTEGER);
        byte[] exponentOctets = key.take(INTEGER);
        if (modulusOctets.length == 0 || exponentOctets.length == 0) {
            throw noKey();
        }
        BigInteger modulus = new BigInteger(1, modulusOctets);
        BigInteger exponent = new BigInteger(1, exponentOctets);
        int bits = modulus.bitLength();
        if (bits < settings.leastRsaBits()) {
            throw SignatureFault.permanent(
                    "an RSA key of " + bits + " bits proves nothing; the least is " + settings.leastRsaBits());
        }
        if (bits > settings.mostRsaBits() || exponent.bitLength() > EXPONENT_BITS) {
            throw new SignatureFault(
                    DkimOutcome.POLICY,
                    "an RSA key of " + bits + " bits with an exponent of " + exponent.bitLength()
                            + " bits is too costly");
        }
        if (!modulus.testBit(0) || !exponent.testBit(0) || exponent.equals(BigInteger.ONE)) {
            throw noKey();
        }
        PublicKey made = factory.generatePublic(new RSAPublicKeySpec(modulus, exponent));
        return new PublishedKey(made, bits);
    }

    /// Reads values in the distinguished encoding of ASN.1, one after the other.
    private static final class Der {
        private static final int LONG_FORM = 0x80;
        private static final int MOST_LENGTH_OCTETS = 3;

        private final byte[] octets;
        private int at;

        Der(byte[] octets) {
            this.octets = octets;
        }

        /// The tag of the next value; -1 at the end.
        int tag() {
            return at < octets.length ? octets[at] & 0xFF : -1;
        }

        /// The values within the next value.
        Der enter(int tag) throws SignatureFault {
            return new Der(take(tag));
        }

        /// The content of the next value.
        byte[] take(int tag) throws SignatureFault {
            if (tag() != tag) {
                throw noKey();
            }
            at++;
            int length = octet();
            if (length >= LONG_FORM) {
                int lengthOctets = length - LONG_FORM;
                if (lengthOctets == 0 || lengthOctets > MOST_LENGTH_OCTETS) {
                    throw noKey();
                }
                length = 0;
                for (int i = 0; i < lengthOctets; i++) {
                    length = length << Byte.SIZE | octet();
                }
            }
            if (length > octets.length - at) {
                throw noKey();
            }
            at += length;
            return Arrays.copyOfRange(octets, at - length, at);
        }

        private int octet() throws SignatureFault {
            if (at >= octets.length) {
                throw noKey();
            }
            return octets[at++] & 0xFF;
        }
    }
}
