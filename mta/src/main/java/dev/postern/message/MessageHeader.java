package dev.postern.message;

import java.util.List;
import java.util.Optional;

/// The header section of a message (RFC 5322 §2.1).
///
/// @param fields every field from top to bottom
/// @param ending how it ends
/// @rfc 5322 §2.1
public record MessageHeader(List<HeaderField> fields, Ending ending) {
    /// How a header section ends.
    public enum Ending {
        /// By the empty line, which belongs to neither header nor body.
        EMPTY_LINE,
        /// By a line that can be no field, with which the body begins.
        NO_FIELD,
        /// By the end of the message: there is no body.
        END
    }

    public MessageHeader {
        fields = List.copyOf(fields);
    }

    /// The fields of a name, in whatever case, from top to bottom.
    public List<HeaderField> named(String name) {
        return fields.stream().filter(field -> field.is(name)).toList();
    }

    /// The topmost field of a name.
    public Optional<HeaderField> first(String name) {
        return fields.stream().filter(field -> field.is(name)).findFirst();
    }
}
