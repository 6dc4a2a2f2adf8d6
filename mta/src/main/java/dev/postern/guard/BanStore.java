package dev.postern.guard;

import java.io.IOException;

/// Where the bans are kept over a restart.
public interface BanStore {
    /// The name for the log.
    String name();

    /// What was kept last, at most one octet more than {@link BanText#LONGEST}; nothing where nothing was kept.
    byte[] read() throws IOException;

    /// Makes this text all that is kept: after a crash it is the old one or the new one.
    void write(String text) throws IOException;

    /// Puts aside what is kept, for somebody to look at.
    void putAside() throws IOException;
}
