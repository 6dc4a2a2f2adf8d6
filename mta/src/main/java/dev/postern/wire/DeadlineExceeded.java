package dev.postern.wire;

import java.io.IOException;

/// The peer did not do its part by the deadline.
public final class DeadlineExceeded extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param what what was waited for, in a few words
    public DeadlineExceeded(String what) {
        super(what);
    }
}
