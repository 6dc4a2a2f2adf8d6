package dev.postern.forward;

import dev.postern.message.MessageStamp;
import java.util.List;

/// What becomes of the copies of a message that aliases lead to other servers.
public sealed interface Onward {
    /// They are as all others.
    record AsReceived() implements Onward {}

    /// They are kept where they are until an operator releases them.
    record Held() implements Onward {}

    /// They go on in another form.
    ///
    /// @param fields those on top of a copy, each with its final CRLF, in ISO 8859-1
    /// @param stamps what else goes on top, computed over the copy: the first first, so that it stands below
    ///     the others
    record Changed(CopyForm form, String fields, List<MessageStamp> stamps) implements Onward {
        public Changed {
            stamps = List.copyOf(stamps);
        }
    }
}
