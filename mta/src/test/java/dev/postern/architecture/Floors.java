package dev.postern.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The list of floors as `doc/floors.txt` writes it: which package stands how high.
public record Floors(List<Entry> entries) {

    private static final String BASE = "dev.postern.";
    private static final String NAME = "[a-z][a-z0-9]*(?:\\.[a-z][a-z0-9]*)*(?:\\.\\*)?";
    private static final Pattern LINE = Pattern.compile("(\\d+)((?:\\s+" + NAME + ")+)");

    public Floors {
        entries = List.copyOf(entries);
    }

    /// One package name or pattern (`name.*`) below `dev.postern`, with its floor.
    public record Entry(int floor, String pattern) {

        public boolean covers(String name) {
            return pattern.endsWith(".*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern);
        }
    }

    /// Reads the list.
    ///
    /// @throws IOException when the file cannot be read
    /// @throws IllegalArgumentException when a line is not `FLOOR PACKAGE…` or a package stands twice
    public static Floors read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    public static Floors parse(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            String words = line.replaceFirst("#.*", "").strip();
            if (words.isEmpty()) {
                continue;
            }
            var match = LINE.matcher(words);
            if (!match.matches()) {
                throw new IllegalArgumentException("not FLOOR PACKAGE...: " + line);
            }
            int floor = Integer.parseInt(match.group(1));
            for (String pattern : match.group(2).strip().split("\\s+", -1)) {
                if (entries.stream().anyMatch(entry -> entry.pattern().equals(pattern))) {
                    throw new IllegalArgumentException("twice in the list: " + pattern);
                }
                entries.add(new Entry(floor, pattern));
            }
        }
        return new Floors(entries);
    }

    /// The floor of a package by its full name; empty where the list does not name it. An exact name wins over a
    /// pattern.
    public OptionalInt of(String packageName) {
        if (!packageName.startsWith(BASE)) {
            return OptionalInt.empty();
        }
        String name = packageName.substring(BASE.length());
        return entries.stream()
                .filter(entry -> entry.pattern().equals(name))
                .findFirst()
                .or(() -> entries.stream().filter(entry -> entry.covers(name)).findFirst())
                .map(entry -> OptionalInt.of(entry.floor()))
                .orElseGet(OptionalInt::empty);
    }
}
