package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// A fresh DKIM key of a domain.
///
/// @param selector where it stands below `_domainkey`
/// @param domain whose it is
/// @param algorithm `rsa-sha256` or `ed25519-sha256`
public record SigningKey(String selector, String domain, String algorithm, KeyPair pair) {
    private static final int RSA_BITS = 2048;

    // What stands before the 32 octets of an Ed25519 key in PKCS #8 and in SubjectPublicKeyInfo.
    private static final int PKCS8_PREFIX = 16;
    private static final int SPKI_PREFIX = 12;

    /// An RSA key of 2048 bits with the selector `rsa`.
    public static SigningKey rsa(String domain) throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        return new SigningKey("rsa", domain, "rsa-sha256", generator.generateKeyPair());
    }

    /// An Ed25519 key with the selector `ed`.
    public static SigningKey ed25519(String domain) throws NoSuchAlgorithmException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new SigningKey("ed", domain, "ed25519-sha256", pair);
    }

    /// The same key, published by another domain.
    public SigningKey of(String other) {
        return new SigningKey(selector, other, algorithm, pair);
    }

    /// The private key in PEM (PKCS #8).
    public String pem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /// Puts the private key into a folder of keys, as the server wants it: named by its record, for its owner alone.
    public void into(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.writeString(folder.resolve(selector + "._domainkey." + domain + ".pem"), pem());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /// The private key as dkimpy wants it: PEM, or the 32 octets of an Ed25519 key in base64.
    String secret() {
        return algorithm.startsWith("rsa") ? pem() : base64(pair.getPrivate().getEncoded(), PKCS8_PREFIX);
    }

    /// The line of a master file that publishes it.
    public String record() {
        byte[] octets = pair.getPublic().getEncoded();
        String value = algorithm.startsWith("rsa")
                ? "v=DKIM1; k=rsa; p=" + base64(octets, 0)
                : "v=DKIM1; k=ed25519; p=" + base64(octets, SPKI_PREFIX);
        int half = value.length() / 2;
        return selector + "._domainkey." + domain + ". TXT \"" + value.substring(0, half) + "\" \""
                + value.substring(half) + "\"\n";
    }

    private static String base64(byte[] octets, int from) {
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(octets, from, octets.length));
    }
}
