package dev.postern.blackbox.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/// A certificate and its key, as two PEM files in one folder.
///
/// @param chain the certificate, with that of its authority behind it where it has one
/// @param key its private key (PKCS #8, unencrypted)
public record Certificate(Path chain, Path key) {
    /// Makes `cert.pem` and `key.pem` (ECDSA P-256, valid two days) with openssl.
    ///
    /// @param name its subject and first DNS name; it also names `localhost` and 127.0.0.1
    public static Certificate selfSigned(Path folder, String name) throws IOException, InterruptedException {
        Finished made = Peers.exec(
                "openssl",
                folder,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=DNS:" + name + ",DNS:localhost,IP:127.0.0.1");
        if (made.exitCode() != 0) {
            throw new IOException("openssl made no certificate: " + made);
        }
        Path key = folder.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new Certificate(folder.resolve("cert.pem"), key);
    }

    /// Makes `chain.pem` and `key.pem` (ECDSA P-256, valid 90 days), signed by an authority made for it
    /// alone, whose own certificate is `authority.pem`; names what a strict client looks for, down to
    /// where revocations are told.
    ///
    /// @param name its subject and first DNS name; it also names `localhost` and 127.0.0.1
    public static Certificate byAuthority(Path folder, String name) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("leaf.ext"), """
                subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1
                basicConstraints=critical,CA:FALSE
                keyUsage=critical,digitalSignature
                extendedKeyUsage=serverAuth
                authorityInfoAccess=OCSP;URI:http://127.0.0.1:9/
                crlDistributionPoints=URI:http://127.0.0.1:9/
                """.formatted(name));
        String curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        Finished made = Peers.exec("openssl", folder, "sh", "-ec", """
                openssl req -x509 %s -keyout authority.key -out authority.pem -days 365 -subj "/CN=Authority" \
                    -addext keyUsage=critical,keyCertSign,cRLSign
                openssl req %s -keyout key.pem -out leaf.req -subj "/CN=%s"
                openssl x509 -req -in leaf.req -CA authority.pem -CAkey authority.key -CAcreateserial -days 90 \
                    -extfile leaf.ext -out leaf.pem
                cat leaf.pem authority.pem >chain.pem
                """.formatted(curve, curve, name));
        if (made.exitCode() != 0) {
            throw new IOException("openssl made no certificate: " + made);
        }
        Path key = folder.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new Certificate(folder.resolve("chain.pem"), key);
    }

    /// The authority that signed it, where it has one made by {@link #byAuthority}.
    public Certificate authority() {
        return new Certificate(key.resolveSibling("authority.pem"), key.resolveSibling("authority.key"));
    }

    /// Puts copies of both files into a folder, under their names, in the place of what is there.
    public void copyInto(Path folder) throws IOException {
        for (Path file : List.of(key, chain)) {
            Files.copy(
                    file,
                    folder.resolve(file.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /// The first certificate of the chain.
    public X509Certificate read() throws IOException {
        try (InputStream in = Files.newInputStream(chain)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (GeneralSecurityException unreadable) {
            throw new IOException(chain + " is no certificate", unreadable);
        }
    }

    /// SHA-256 of the certificate, in hexadecimal.
    public String digest() throws IOException {
        try {
            return sha256(read().getEncoded());
        } catch (CertificateEncodingException unreadable) {
            throw new IOException(chain + " is no certificate", unreadable);
        }
    }

    /// SHA-256 of its public key, in hexadecimal: what a TLSA record `3 1 1` or `2 1 1` says of it.
    public String keyDigest() throws IOException {
        return sha256(read().getPublicKey().getEncoded());
    }

    private static String sha256(byte[] octets) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IOException("no SHA-256 in this JDK", impossible);
        }
    }
}
