package dev.postern.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;

/// The channel binding tls-server-end-point: the server's certificate, hashed as it is signed.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5929 RFC 5929 §4
final class ServerEndPoint {
    private static final String LEAST = "SHA-256";

    private ServerEndPoint() {}

    /// The hash of a certificate; empty where its signature has no hash of its own (Ed25519), for which the binding is
    /// not defined.
    ///
    /// @rfc 5929 §4.1
    static Optional<byte[]> hash(X509Certificate certificate) {
        Optional<String> algorithm = algorithm(certificate);
        if (algorithm.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MessageDigest.getInstance(algorithm.get()).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException unknownHash) {
            return Optional.empty(); // a hash that the JDK does not know is one that we cannot bind by
        }
    }

    /// The name of the hash of the certificate's signature; SHA-256 in the place of MD5 and SHA-1.
    private static Optional<String> algorithm(X509Certificate certificate) {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = signature.indexOf("WITH");
        String hash = with > 0 ? signature.substring(0, with) : "";
        return switch (hash) {
            case "MD5", "SHA1", "SHA" -> Optional.of(LEAST);
            case "SHA224", "SHA256", "SHA384", "SHA512" -> Optional.of("SHA-" + hash.substring(3));
            default -> signature.equals("RSASSA-PSS") ? ofPss(certificate) : Optional.empty();
        };
    }

    private static Optional<String> ofPss(X509Certificate certificate) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(certificate.getSigAlgParams());
            String hash = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
            return Optional.of(hash.equals("SHA-1") ? LEAST : hash);
        } catch (GeneralSecurityException | IOException unreadable) {
            return Optional.empty(); // parameters that cannot be read name no hash
        }
    }
}
