package dev.postern.spool;

import java.io.IOException;

/// The spool cannot do what was asked; sealed by blame. Never a reason to lose or half-store a
/// message.
public abstract sealed class SpoolException extends IOException {
    private static final long serialVersionUID = 1L;

    private SpoolException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }

    /// No room: the disk is full, a quota is reached, or free space is below the reserve. Answered
    /// with 452 4.3.1.
    public static final class Full extends SpoolException {
        private static final long serialVersionUID = 1L;

        /// @param message which disk, how much is left
        public Full(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The disk does not keep up, or the spool is closing. Answered with 451 4.3.2.
    public static final class TooSlow extends SpoolException {
        private static final long serialVersionUID = 1L;

        /// @param message how long was waited for what
        public TooSlow(String message) {
            super(message, null);
        }
    }

    /// The disk refuses: an input/output error or a read-only file system. Answered with 451 4.3.0.
    public static final class Broken extends SpoolException {
        private static final long serialVersionUID = 1L;

        /// @param message what failed
        public Broken(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// What is stored cannot be read: wrong checksum, unknown record version, content missing.
    public static final class Corrupt extends SpoolException {
        private static final long serialVersionUID = 1L;

        /// @param message which record, and what is wrong with it
        public Corrupt(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
