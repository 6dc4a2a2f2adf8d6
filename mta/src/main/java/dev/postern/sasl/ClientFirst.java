package dev.postern.sasl;

import java.util.List;
import java.util.Optional;

/// The first message of a SCRAM client.
///
/// @param header what comes before
/// @param user the name, decoded
/// @param nonce the client's
/// @param bare the message without its header, as it came
/// @spec https://www.rfc-editor.org/rfc/rfc5802 RFC 5802 §7
record ClientFirst(Gs2Header header, String user, String nonce, String bare) {
    /// ```
    /// client-first-message      = gs2-header client-first-message-bare
    /// client-first-message-bare = [reserved-mext ","] username "," nonce ["," extensions]
    /// reserved-mext             = "m=" 1*(value-char)
    /// username                  = "n=" saslname
    /// nonce                     = "r=" c-nonce [s-nonce]
    /// ```
    ///
    /// A message with `m=` is refused: it asks for what nobody has defined.
    static Optional<ClientFirst> parse(byte[] message) {
        Optional<Gs2Header.Split> split = ScramAttributes.text(message).flatMap(Gs2Header::parse);
        if (split.isEmpty()) {
            return Optional.empty();
        }
        String bare = split.get().rest();
        List<String> fields = ScramAttributes.split(bare);
        Optional<String> user = ScramAttributes.value(fields, 0, 'n').flatMap(ScramAttributes::decodeName);
        Optional<String> nonce = ScramAttributes.value(fields, 1, 'r').filter(ScramAttributes::isNonce);
        if (user.isEmpty() || nonce.isEmpty() || !ScramAttributes.areOptional(fields.subList(2, fields.size()))) {
            return Optional.empty();
        }
        return Optional.of(new ClientFirst(split.get().header(), user.get(), nonce.get(), bare));
    }
}
