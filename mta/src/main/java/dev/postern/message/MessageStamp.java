package dev.postern.message;

import java.time.Instant;

/// Something that adds header fields which are computed over a message: a signature, a seal. Shared
/// by all threads.
public interface MessageStamp {
    /// Begins with a message.
    ///
    /// @param header the header section as it will leave, but for the fields that this stamp adds
    Stamping begin(MessageHeader header);

    /// One message being stamped: its whole body is shown, then the fields are there.
    interface Stamping extends BodySink {
        /// The fields to put on top of the header, each with its final CRLF, in ISO 8859-1; empty
        /// if this message gets none.
        ///
        /// @param now when the message is stamped
        String finish(Instant now);
    }
}
