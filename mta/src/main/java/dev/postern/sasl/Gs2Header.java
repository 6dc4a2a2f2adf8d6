package dev.postern.sasl;

import java.util.List;
import java.util.Optional;

/// What a SCRAM exchange begins with: what the client thinks of channel binding, and whom it asks to act for.
///
/// @param flag what the client thinks of channel binding
/// @param authorization the identity to act for, empty for the client's own
/// @param text the header as it came, with its last comma
/// @spec https://www.rfc-editor.org/rfc/rfc5802 RFC 5802 §7
record Gs2Header(Flag flag, Optional<String> authorization, String text) {
    /// What the client thinks of channel binding.
    sealed interface Flag {
        /// `n`: it knows none.
        record NotSupported() implements Flag {}

        /// `y`: it knows it, and thinks that the server does not.
        record NotOffered() implements Flag {}

        /// `p=`: it binds by this type.
        record Bound(String type) implements Flag {}
    }

    /// A header and the rest of its message.
    record Split(Gs2Header header, String rest) {}

    /// ```
    /// gs2-header    = gs2-cbind-flag "," [ authzid ] ","
    /// gs2-cbind-flag = ("p=" cb-name) / "n" / "y"
    /// cb-name       = 1*(ALPHA / DIGIT / "." / "-")
    /// authzid       = "a=" saslname
    /// ```
    static Optional<Split> parse(String message) {
        int first = message.indexOf(',');
        int second = message.indexOf(',', first + 1);
        if (first < 0 || second < 0) {
            return Optional.empty();
        }
        Optional<Flag> flag = flag(message.substring(0, first));
        String middle = message.substring(first + 1, second);
        Optional<String> name = ScramAttributes.value(List.of(middle), 0, 'a').flatMap(ScramAttributes::decodeName);
        if (flag.isEmpty() || (!middle.isEmpty() && name.isEmpty())) {
            return Optional.empty();
        }
        Gs2Header header = new Gs2Header(flag.get(), name, message.substring(0, second + 1));
        return Optional.of(new Split(header, message.substring(second + 1)));
    }

    private static Optional<Flag> flag(String text) {
        if (text.equals("n")) {
            return Optional.of(new Flag.NotSupported());
        }
        if (text.equals("y")) {
            return Optional.of(new Flag.NotOffered());
        }
        return text.matches("p=[A-Za-z0-9.-]{1,64}")
                ? Optional.of(new Flag.Bound(text.substring(2)))
                : Optional.empty();
    }
}
