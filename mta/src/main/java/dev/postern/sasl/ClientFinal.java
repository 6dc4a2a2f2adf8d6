package dev.postern.sasl;

import java.util.List;
import java.util.Optional;

/// The last message of a SCRAM client.
///
/// @param binding the header and the channel's octets, as the client has them
/// @param nonce the client's and the server's
/// @param proof 32 octets
/// @param withoutProof the message up to its proof, as it came
/// @spec https://www.rfc-editor.org/rfc/rfc5802 RFC 5802 §7
@SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
record ClientFinal(byte[] binding, String nonce, byte[] proof, String withoutProof) {
    /// ```
    /// client-final-message               = client-final-message-without-proof "," proof
    /// client-final-message-without-proof = channel-binding "," nonce ["," extensions]
    /// channel-binding                    = "c=" base64
    /// proof                              = "p=" base64
    /// ```
    static Optional<ClientFinal> parse(byte[] message) {
        Optional<String> text = ScramAttributes.text(message);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> fields = ScramAttributes.split(text.get());
        int last = fields.size() - 1;
        Optional<byte[]> binding = ScramAttributes.value(fields, 0, 'c').flatMap(ScramAttributes::base64);
        Optional<String> nonce = ScramAttributes.value(fields, 1, 'r').filter(ScramAttributes::isNonce);
        Optional<byte[]> proof = ScramAttributes.value(fields, last, 'p')
                .flatMap(ScramAttributes::base64)
                .filter(octets -> octets.length == ScramHash.OCTETS);
        if (binding.isEmpty()
                || nonce.isEmpty()
                || proof.isEmpty()
                || !ScramAttributes.areOptional(fields.subList(2, last))) {
            return Optional.empty();
        }
        String withoutProof =
                text.get().substring(0, text.get().length() - fields.get(last).length() - 1);
        return Optional.of(new ClientFinal(binding.get(), nonce.get(), proof.get(), withoutProof));
    }
}
