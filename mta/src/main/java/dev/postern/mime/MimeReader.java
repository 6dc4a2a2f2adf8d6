package dev.postern.mime;

import dev.postern.message.MessageReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Walks through the parts of one message after the other, from a stream; used by any number of
/// threads. Keeps no content. Lines end with CRLF; nothing else ends one.
///
/// @spec https://www.rfc-editor.org/rfc/rfc2046 RFC 2046
public final class MimeReader {
    private final MimeLimits limits;

    public MimeReader(MimeLimits limits) {
        this.limits = limits;
    }

    /// Shows the contents of a message to a visitor, in their order.
    ///
    /// @param message header and body; the caller closes it
    /// @return what is wrong with the structure
    public Set<MimeDefect> read(InputStream message, PartVisitor visitor) throws IOException {
        Walk walk = new Walk(visitor);
        walk.entity(message, Optional.empty());
        return walk.defects;
    }

    private final class Walk {
        private final PartVisitor visitor;
        private final Set<MimeDefect> defects = EnumSet.noneOf(MimeDefect.class);
        private int parts;

        Walk(PartVisitor visitor) {
            this.visitor = visitor;
        }

        void entity(InputStream octets, Optional<MimeEntity> within) throws IOException {
            MessageReader reader;
            try {
                reader = MessageReader.read(octets, limits.headerOctets());
            } catch (MessageReader.HeaderTooLongException tooLong) {
                defects.add(MimeDefect.HEADER_TOO_LONG); // the exception is how the reader says it
                return;
            }
            MimeEntity entity = MimeEntity.of(reader.header(), within);
            if (isMultipart(entity)) {
                multipart(entity, reader.body());
            } else {
                if (entity.encoding() == TransferEncoding.UNKNOWN) {
                    defects.add(MimeDefect.UNKNOWN_ENCODING);
                }
                visitor.part(entity, entity.encoding().decode(reader.body()));
            }
        }

        private boolean isMultipart(MimeEntity entity) {
            if (!entity.type().isMultipart()) {
                return false;
            }
            int boundary = boundary(entity).length();
            if (boundary == 0 || boundary > Parts.LONGEST_BOUNDARY) {
                defects.add(MimeDefect.NO_BOUNDARY);
                return false;
            }
            if (entity.depth() >= limits.depth()) {
                defects.add(MimeDefect.TOO_DEEP);
                return false;
            }
            return true;
        }

        /// Blanks at its end were added on the way (RFC 2046 §5.1.1).
        private static String boundary(MimeEntity entity) {
            return entity.type()
                    .parameter("boundary")
                    .map(String::stripTrailing)
                    .orElse("");
        }

        private void multipart(MimeEntity entity, InputStream body) throws IOException {
            if (!entity.encoding().isIdentity()) {
                defects.add(MimeDefect.UNKNOWN_ENCODING);
            }
            Parts content = new Parts(body, boundary(entity));
            boolean any = false;
            while (content.next()) {
                if (parts == limits.parts()) {
                    defects.add(MimeDefect.TOO_MANY_PARTS);
                    return;
                }
                parts++;
                any = true;
                entity(content, Optional.of(entity));
            }
            if (!any) {
                defects.add(MimeDefect.NO_PARTS);
            } else if (!content.isClosed()) {
                defects.add(MimeDefect.NOT_CLOSED);
            }
        }
    }
}
