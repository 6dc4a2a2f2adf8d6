package dev.postern.kept;

import java.io.IOException;

/// Where one text is kept over a restart.
public interface KeptStore {
    /// The name for the log.
    String name();

    /// What was kept last, at most one octet more than the longest text that is read; nothing where nothing was kept.
    byte[] read() throws IOException;

    /// Makes this text all that is kept: after a crash it is the old one or the new one.
    void write(String text) throws IOException;

    /// Puts aside what is kept, for somebody to look at.
    void putAside() throws IOException;
}
