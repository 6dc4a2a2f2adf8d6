package dev.postern.dns.client;

import java.io.IOException;

/// An answer that came from the right place and cannot be read.
final class BadAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    BadAnswer(String what) {
        super(what);
    }

    BadAnswer(String what, Throwable cause) {
        super(what, cause);
    }
}
