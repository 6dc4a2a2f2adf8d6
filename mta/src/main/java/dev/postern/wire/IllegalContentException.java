package dev.postern.wire;

import java.io.IOException;

/// Content to be sent has a bare CR, a bare LF or a NUL, or another length than announced. It was
/// not sent to its end, so the connection it was meant for is of no more use than to be closed.
public final class IllegalContentException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param message what is wrong, and at which octet
    public IllegalContentException(String message) {
        super(message);
    }
}
