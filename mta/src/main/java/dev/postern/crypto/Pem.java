package dev.postern.crypto;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/// Certificates and private keys in PEM files (RFC 7468): PKCS #8, PKCS #1 and SEC 1 keys, not
/// encrypted.
///
/// Every {@link IOException} thrown here has a sentence that names the file and can be shown to an
/// administrator.
public final class Pem {
    private Pem() {}

    /// The key of one file and the chain of another (which may be the same file); checks that they
    /// belong together.
    ///
    /// @param signer tries the key on its certificate; where it is none, or does not know such
    ///     keys, the JDK, which takes a quarter of a second to warm up for it
    /// @throws IOException if a file cannot be read, holds something else, or the key is not the
    ///     certificate's
    public static Identity readIdentity(Path certificateFile, Path keyFile, Optional<Provider> signer)
            throws IOException {
        List<X509Certificate> chain = readCertificates(certificateFile);
        PrivateKey key = readKey(keyFile);
        if (!belongTogether(key, chain.getFirst().getPublicKey(), signer)) {
            throw new IOException(
                    "the key in " + keyFile + " is not the key of the first certificate in " + certificateFile);
        }
        return new Identity(key, chain);
    }

    /// All certificates of a file, in its order; at least one.
    public static List<X509Certificate> readCertificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object object : objects(file)) {
            if (object instanceof X509CertificateHolder holder) {
                try {
                    certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
                } catch (GeneralSecurityException e) {
                    throw new IOException("a certificate in " + file + " cannot be read: " + e.getMessage(), e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException("there is no certificate in " + file);
        }
        return certificates;
    }

    private static PrivateKey readKey(Path file) throws IOException {
        for (Object object : objects(file)) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            if (object instanceof PEMKeyPair pair) {
                return converter.getPrivateKey(pair.getPrivateKeyInfo());
            }
            if (object instanceof PrivateKeyInfo info) {
                return converter.getPrivateKey(info);
            }
            if (object instanceof PEMEncryptedKeyPair || object instanceof PKCS8EncryptedPrivateKeyInfo) {
                throw new IOException("the private key in " + file
                        + " is encrypted; store it without a passphrase and with mode 0600");
            }
        }
        throw new IOException("there is no private key in " + file);
    }

    /// The first private key of a PEM text, with the public key that belongs to it.
    ///
    /// @param source what errors call the text, such as the name of its file
    /// @throws IOException if there is none, or it is encrypted
    public static KeyPair parsePair(String pem, String source) throws IOException {
        for (Object object : objects(pem, source)) {
            try {
                JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
                if (object instanceof PEMKeyPair pair) {
                    return converter.getKeyPair(pair);
                }
                if (object instanceof PrivateKeyInfo info) {
                    return new KeyPair(
                            converter.getPublicKey(
                                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicHalf(info))),
                            converter.getPrivateKey(info));
                }
            } catch (IllegalArgumentException e) {
                throw new IOException("the private key in " + source + " cannot be read: " + e.getMessage(), e);
            }
            if (object instanceof PEMEncryptedKeyPair || object instanceof PKCS8EncryptedPrivateKeyInfo) {
                throw new IOException("the private key in " + source
                        + " is encrypted; store it without a passphrase and with mode 0600");
            }
        }
        throw new IOException("there is no private key in " + source);
    }

    private static AsymmetricKeyParameter publicHalf(PrivateKeyInfo info) throws IOException {
        return switch (PrivateKeyFactory.createKey(info)) {
            case RSAPrivateCrtKeyParameters rsa ->
                new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
            case Ed25519PrivateKeyParameters ed25519 -> ed25519.generatePublicKey();
            case ECPrivateKeyParameters ec ->
                new ECPublicKeyParameters(ec.getParameters().getG().multiply(ec.getD()), ec.getParameters());
            default -> throw new IllegalArgumentException("it is neither RSA nor Ed25519 nor ECDSA");
        };
    }

    private static List<Object> objects(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " cannot be read: permission denied", e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not a PEM file: it is no text", e);
        } catch (IOException e) {
            throw Files.isDirectory(file)
                    ? new IOException(file + " is a folder, and no PEM file", e)
                    : new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        return objects(text, file.toString());
    }

    private static List<Object> objects(String pem, String source) throws IOException {
        List<Object> objects = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(source + " is not a PEM file: " + e.getMessage(), e);
        }
        return objects;
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey, Optional<Provider> signer) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC", "ECDSA" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] sample = {1, 2, 3};
        try {
            Signature signature = signer.isPresent() && signer.get().getService("Signature", algorithm) != null
                    ? Signature.getInstance(algorithm, signer.get())
                    : Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException mismatch) {
            return false; // keys of different kinds throw where keys of one kind say no
        }
    }

    /// A certificate chain as PEM text.
    public static String write(List<X509Certificate> chain) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (X509Certificate certificate : chain) {
                pem.writeObject(certificate);
            }
        }
        return text.toString();
    }

    /// A private key as PEM text (PKCS #8).
    public static String write(KeyPair pair) throws IOException {
        return write(pair.getPrivate());
    }

    /// A private key and its chain as PEM text, for one file.
    public static String write(Identity identity) throws IOException {
        return write(identity.key()) + write(identity.chain());
    }

    private static String write(PrivateKey key) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(new org.bouncycastle.openssl.jcajce.JcaPKCS8Generator(key, null));
        }
        return text.toString();
    }
}
