package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

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
}
