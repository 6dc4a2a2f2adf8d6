package dev.postern.wire;

import java.io.IOException;

/// A client has not begun with TLS where it had to.
public final class TlsMissingException extends IOException {
    private static final long serialVersionUID = 1L;

    TlsMissingException(String message) {
        super(message);
    }
}
