package dev.postern.app.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The files beside the configuration that it names.
///
/// @param folder where relative paths begin
/// @param faults grows with what is wrong in them
record NamedFiles(Path folder, List<Fault> faults) {
    /// The file of a name.
    Path resolve(String name) {
        return folder.resolve(name);
    }

    /// Notes a fault at a place of one of them; lines and columns as in {@link Fault}.
    void fault(Path file, int line, int column, String message) {
        faults.add(new Fault(file, line, column, message));
    }

    /// The text of one; empty, with a fault, where it cannot be read.
    ///
    /// @param what it is, as the beginning of a sentence
    Optional<String> text(Path path, String what) {
        try {
            return Optional.of(Files.readString(path));
        } catch (NoSuchFileException e) {
            fault(path, 0, 0, what + " cannot be read: there is no such file");
        } catch (AccessDeniedException e) {
            fault(path, 0, 0, what + " cannot be read: permission denied");
        } catch (CharacterCodingException e) {
            fault(path, 0, 0, what + " cannot be read: it is not UTF-8 text");
        } catch (IOException e) {
            fault(path, 0, 0, what + " cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }
}
