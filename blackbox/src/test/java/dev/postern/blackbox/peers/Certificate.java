package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A self-signed certificate and its key, as two PEM files in one folder.
///
/// @param chain the certificate
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
}
