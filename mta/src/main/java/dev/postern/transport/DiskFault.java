package dev.postern.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Why a file could not be written.
enum DiskFault {
    /// No room on the disk (ENOSPC).
    FULL,
    /// A quota is used up (EDQUOT).
    QUOTA,
    /// Anything else: rights, a read-only file system, an input/output error, a link that leads
    /// astray.
    OTHER;

    /// The fault behind an exception. The platform tells only the system's text for the error, in
    /// the system's language; where the text is not the English one, the room left on the disk
    /// decides.
    ///
    /// @param wanted octets that were to be written
    static DiskFault of(IOException e, Path place, long wanted) {
        String text = String.valueOf(e.getMessage());
        if (text.contains("No space left on device")) {
            return FULL;
        }
        if (text.contains("Disk quota exceeded")) {
            return QUOTA;
        }
        return room(place) < wanted ? FULL : OTHER;
    }

    private static long room(Path place) {
        for (Path p = place; p != null; p = p.getParent()) {
            if (Files.isDirectory(p)) {
                try {
                    return Files.getFileStore(p).getUsableSpace();
                } catch (IOException unknown) {
                    return Long.MAX_VALUE; // then the text is all there is, and it said nothing of room
                }
            }
        }
        return Long.MAX_VALUE;
    }
}
