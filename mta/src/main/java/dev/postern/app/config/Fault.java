package dev.postern.app.config;

import java.nio.file.Path;

/// Something wrong in a file of the configuration.
///
/// @param file the file
/// @param line counted from 1; 0 where the whole file is meant
/// @param column counted from 1; 0 where the whole line is meant
/// @param message what is wrong, and what to write instead
public record Fault(Path file, int line, int column, String message) {
    /// As compilers write it: `postern.toml:3:1: unknown key "hostnam"; did you mean "hostname"?`.
    @Override
    public String toString() {
        String place = line == 0 ? "" : column == 0 ? ":" + line : ":" + line + ":" + column;
        return file + place + ": " + message;
    }
}
