package dev.postern.mime;

import java.io.IOException;
import java.io.InputStream;

/// Something that looks at the contents of a message, one part after the other.
@FunctionalInterface
public interface PartVisitor {
    /// A part that has no parts, or the message itself if it has none. A message within the message
    /// is such a part, too.
    ///
    /// @param content its octets, decoded, to be read as far as wanted, and before this returns;
    ///     there is no bound on how many they are
    void part(MimeEntity part, InputStream content) throws IOException;
}
