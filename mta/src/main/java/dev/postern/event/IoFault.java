package dev.postern.event;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/// What the machine did not let us do, in words for an administrator.
public final class IoFault {
    private IoFault() {}

    /// One sentence; the JDK's own message of a fault at a file is the bare path.
    public static String sentence(IOException fault) {
        return switch (fault) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file or folder";
            case FileAlreadyExistsException inTheWay ->
                inTheWay.getFile() + ": there is something else of this name, so nothing can be made there";
            case FileSystemException file
            when file.getReason() != null ->
                file.getFile() + ": " + file.getReason().toLowerCase(Locale.ROOT);
            default ->
                fault.getMessage() == null
                        ? "input or output failed (" + fault.getClass().getSimpleName() + ")"
                        : fault.getMessage();
        };
    }
}
