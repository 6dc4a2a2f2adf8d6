package dev.postern.mime;

import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A message or a part of one: what its header says of its content.
///
/// @param header the header, that of the message for the outermost entity
/// @param type what the content is
/// @param encoding how it is written down
/// @param within the multipart it lies in, empty for the outermost entity
/// @rfc 2045 §2.4
public record MimeEntity(
        MessageHeader header, ContentType type, TransferEncoding encoding, Optional<MimeEntity> within) {
    /// What a header says.
    static MimeEntity of(MessageHeader header, Optional<MimeEntity> within) {
        boolean inDigest =
                within.filter(outer -> outer.type().is("multipart/digest")).isPresent();
        ContentType type = header.first("Content-Type")
                .map(HeaderField::body)
                .map(body -> ContentType.parse(body).orElse(ContentType.DEFAULT))
                .orElse(inDigest ? ContentType.MESSAGE : ContentType.DEFAULT);
        TransferEncoding encoding = header.first("Content-Transfer-Encoding")
                .map(HeaderField::body)
                .map(TransferEncoding::parse)
                .orElse(TransferEncoding.SEVEN_BIT);
        return new MimeEntity(header, type, encoding, within);
    }

    /// How many multiparts it lies in.
    public int depth() {
        int depth = 0;
        for (Optional<MimeEntity> outer = within;
                outer.isPresent();
                outer = outer.get().within()) {
            depth++;
        }
        return depth;
    }

    /// What should be done with the content, such as `attachment`, in lower case; empty if nothing
    /// is said (RFC 2183 §2).
    public Optional<String> disposition() {
        return header.first("Content-Disposition")
                .map(field -> new ParameterReader(field.body()).value().toLowerCase(Locale.ROOT));
    }

    /// The name of the file that the content was, as it came: it may name folders, and be anything
    /// else (RFC 2183 §2.3).
    public Optional<String> fileName() {
        return header.first("Content-Disposition")
                .map(field -> parameters(field).get("filename"))
                .or(() -> type.parameter("name"));
    }

    private static Map<String, String> parameters(HeaderField field) {
        ParameterReader reader = new ParameterReader(field.body());
        reader.value();
        return reader.parameters();
    }
}
