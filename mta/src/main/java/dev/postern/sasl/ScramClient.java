package dev.postern.sasl;

import dev.postern.wire.ChannelBindings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS; one exchange, used by one thread. It believes the server
/// only when {@link #isServer} has said so.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5802 RFC 5802 §3, §5
public final class ScramClient {
    private static final int NONCE_OCTETS = 18;

    /// About a second of a processor: a server cannot make us work longer.
    private static final int MOST_ITERATIONS = 1_000_000;

    private final String header;
    private final byte[] binding;
    private final String user;
    private final String password;
    private final String nonce;
    private byte[] expected = new byte[0];

    private ScramClient(String header, byte[] channel, Secret secret, String nonce) {
        this.header = header;
        this.user = secret.user();
        this.password = secret.password();
        this.nonce = nonce;
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        this.binding = new byte[text.length + channel.length];
        System.arraycopy(text, 0, binding, 0, text.length);
        System.arraycopy(channel, 0, binding, text.length, channel.length);
    }

    /// A name and a password, prepared.
    private record Secret(String user, String password) {
        static Optional<Secret> of(String user, String password) {
            return SaslPrep.query(user)
                    .filter(UserText::isPlain)
                    .flatMap(name -> SaslPrep.query(password)
                            .filter(secret -> !secret.isEmpty())
                            .map(secret -> new Secret(name, secret)));
        }

        @Override
        public String toString() {
            return "Secret[user=" + user + "]";
        }
    }

    /// Whether the client knows channel binding, and what it thinks of the server.
    public enum Plus {
        /// The server offers a mechanism with it, which is used.
        USED,
        /// The connection has bindings, and the server offers no mechanism with them.
        NOT_OFFERED,
        /// The connection has none.
        NOT_KNOWN
    }

    /// An exchange bound to nothing, or with {@link Plus#USED} to the best that the connection has; empty if the name
    /// or
    /// the password cannot be prepared (RFC 4013), or there is nothing to bind to.
    public static Optional<ScramClient> of(
            String user, String password, Plus plus, ChannelBindings bindings, RandomGenerator random) {
        byte[] octets = new byte[NONCE_OCTETS];
        random.nextBytes(octets);
        return of(user, password, plus, bindings, Base64.getEncoder().encodeToString(octets));
    }

    static Optional<ScramClient> of(String user, String password, Plus plus, ChannelBindings bindings, String nonce) {
        Optional<Secret> secret = Secret.of(user, password);
        return switch (plus) {
            case NOT_KNOWN -> secret.map(s -> new ScramClient("n,,", new byte[0], s, nonce));
            case NOT_OFFERED -> secret.map(s -> new ScramClient("y,,", new byte[0], s, nonce));
            case USED ->
                secret.flatMap(s -> bound(s, ChannelBindings.Type.TLS_EXPORTER, bindings, nonce)
                        .or(() -> bound(s, ChannelBindings.Type.TLS_SERVER_END_POINT, bindings, nonce)));
        };
    }

    private static Optional<ScramClient> bound(
            Secret secret, ChannelBindings.Type type, ChannelBindings bindings, String nonce) {
        return bindings.octets(type).map(octets -> new ScramClient("p=" + type.label() + ",,", octets, secret, nonce));
    }

    /// Whether it is bound to the connection, for the mechanism SCRAM-SHA-256-PLUS.
    public boolean isBound() {
        return header.startsWith("p=");
    }

    /// The first message.
    public byte[] first() {
        return (header + bare()).getBytes(StandardCharsets.UTF_8);
    }

    private String bare() {
        return "n=" + ScramAttributes.encodeName(user) + ",r=" + nonce;
    }

    /// The answer to the server's first message; empty if that is malformed, does not begin with our nonce, or asks for
    /// too few or too many iterations. Takes tens of milliseconds.
    ///
    /// ```
    /// server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
    /// ```
    public Optional<byte[]> answer(byte[] serverFirst) {
        Optional<String> text = ScramAttributes.text(serverFirst);
        List<String> fields = ScramAttributes.split(text.orElse(""));
        Optional<String> both = ScramAttributes.value(fields, 0, 'r')
                .filter(ScramAttributes::isNonce)
                .filter(given -> given.startsWith(nonce) && given.length() > nonce.length());
        Optional<byte[]> salt = ScramAttributes.value(fields, 1, 's').flatMap(ScramAttributes::base64);
        Optional<Integer> iterations = ScramAttributes.value(fields, 2, 'i').flatMap(ScramClient::iterations);
        if (both.isEmpty()
                || salt.isEmpty()
                || iterations.isEmpty()
                || !ScramAttributes.areOptional(fields.subList(3, fields.size()))) {
            return Optional.empty();
        }
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(binding) + ",r=" + both.get();
        String authMessage = bare() + "," + text.orElseThrow() + "," + withoutProof;
        byte[] salted = ScramHash.salted(password, salt.get(), iterations.get());
        expected = ScramKeys.signature(salted, authMessage);
        String proof = Base64.getEncoder().encodeToString(ScramKeys.proof(salted, authMessage));
        return Optional.of((withoutProof + ",p=" + proof).getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<Integer> iterations(String text) {
        return text.matches("[1-9]\\d{3,7}")
                ? Optional.of(Integer.parseInt(text))
                        .filter(i -> i >= ScramKeys.LEAST_ITERATIONS && i <= MOST_ITERATIONS)
                : Optional.empty();
    }

    /// Whether the server's last message proves that it knows us too.
    ///
    /// ```
    /// server-final-message = (server-error / verifier) ["," extensions]
    /// ```
    public boolean isServer(byte[] serverFinal) {
        List<String> fields =
                ScramAttributes.split(ScramAttributes.text(serverFinal).orElse(""));
        Optional<byte[]> signature = ScramAttributes.value(fields, 0, 'v').flatMap(ScramAttributes::base64);
        return expected.length > 0
                && signature
                        .filter(given -> MessageDigest.isEqual(given, expected))
                        .isPresent();
    }
}
