package dev.postern.admin;

import java.io.IOException;

/// Nobody listens on the control socket: no server is running there.
public final class NoServerException extends IOException {
    private static final long serialVersionUID = 1L;

    NoServerException(String sentence) {
        super(sentence);
    }

    NoServerException(String sentence, IOException cause) {
        super(sentence, cause);
    }
}
