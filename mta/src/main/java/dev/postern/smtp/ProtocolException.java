package dev.postern.smtp;

import java.io.IOException;

/// The server's words are no reply of SMTP, so nothing it says can be trusted to answer what was
/// asked.
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param message what is wrong, printable
    public ProtocolException(String message) {
        super(message);
    }
}
