package dev.postern.spool.rocks;

import dev.postern.spool.SpoolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// Tells what a failure of the disk means for the caller: no room, refused, or damaged.
final class Faults {
    /// A disk with less than this is full, whatever words the system has for it.
    private static final long FULL = 64 * 1024;

    private final Path folder;

    Faults(Path folder) {
        this.folder = folder;
    }

    SpoolException of(IOException failure) {
        return failure instanceof SpoolException known ? known : blame(failure, String.valueOf(failure.getMessage()));
    }

    SpoolException of(RocksDBException failure) {
        Status status = failure.getStatus();
        String message = String.valueOf(failure.getMessage());
        if (status != null && status.getCode() == Status.Code.Corruption) {
            return new SpoolException.Corrupt("the spool in " + folder + " is damaged: " + message, failure);
        }
        return status != null && status.getSubCode() == Status.SubCode.NoSpace
                ? full(failure)
                : blame(failure, message);
    }

    /// The same failure for another caller, thrown on that caller's thread.
    static SpoolException again(SpoolException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case SpoolException.Full _ -> new SpoolException.Full(message, failure);
            case SpoolException.TooSlow _ -> new SpoolException.TooSlow(message);
            case SpoolException.Broken _ -> new SpoolException.Broken(message, failure);
            case SpoolException.Corrupt _ -> new SpoolException.Corrupt(message, failure);
        };
    }

    private SpoolException blame(Exception failure, String message) {
        String words = message.toLowerCase(Locale.ROOT);
        if (words.contains("no space left") || words.contains("quota exceeded") || isFull()) {
            return full(failure);
        }
        return new SpoolException.Broken("the disk of the spool in " + folder + " refuses: " + message, failure);
    }

    private SpoolException full(Exception failure) {
        return new SpoolException.Full("the disk of the spool in " + folder + " is full", failure);
    }

    private boolean isFull() {
        try {
            return Files.getFileStore(folder).getUsableSpace() < FULL;
        } catch (IOException unknown) {
            return false; // not even this can be asked: the disk refuses, that is the answer
        }
    }
}
