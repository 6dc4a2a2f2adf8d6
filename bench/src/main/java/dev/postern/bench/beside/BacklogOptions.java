package dev.postern.bench.beside;

import java.nio.file.Path;
import java.util.List;

/// What `bench/backlog` is asked for.
///
/// @param queued messages that wait, at least one
/// @param octets of content of each of them, at least one
/// @param fresh messages that are relayed beside them in each measurement; none where 0
/// @param rounds how often that is measured, with and without those that wait in turn
/// @param later whether those that wait are due in a day, not now
/// @param passing whether they pass through a spool instead
/// @param record whether the figures replace those of the same kind in `doc/performance.md`
/// @param home where the spool lies; one that is there already is used as it is
record BacklogOptions(
        int queued, int octets, int fresh, int rounds, boolean later, boolean passing, boolean record, Path home) {
    static final String USAGE = """
            usage: bench/backlog [--queued N] [--octets N] [--fresh N] [--rounds N] [--later | --passing] [--record] --home FOLDER

              --queued N     messages that wait; default 1000000
              --octets N     octets of content of each of them; default 512
              --fresh N      messages relayed beside them in each measurement; default 10000
              --rounds N     so many of these measurements, in turn with a server whose queue is empty; default 3
              --later        those that wait are due in a day; else now, and their next hop is down
              --passing      no server: they pass through a spool, and the room is measured that this takes
              --record       put the figures into doc/performance.md as well, where it has a place for them
              --home FOLDER  where the spool lies, on a disk with room for 1.5 KiB a message; kept, and used again
            """;

    /// @throws IllegalArgumentException if a number is out of its bounds
    BacklogOptions {
        if (queued < 1 || octets < 1 || fresh < 0 || rounds < 1) {
            throw new IllegalArgumentException("every number is at least 1, that of fresh messages at least 0");
        }
    }

    /// Reads the words of the command line.
    ///
    /// @throws IllegalArgumentException with a sentence, where they say something else than {@link #USAGE}
    static BacklogOptions parse(List<String> words) {
        int queued = 1_000_000;
        int octets = 512;
        int fresh = 10_000;
        int rounds = 3;
        boolean later = false;
        boolean passing = false;
        boolean record = false;
        Path home = null;
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--later" -> later = true;
                case "--passing" -> passing = true;
                case "--record" -> record = true;
                case "--queued" -> queued = number(words, ++i);
                case "--octets" -> octets = number(words, ++i);
                case "--fresh" -> fresh = number(words, ++i);
                case "--rounds" -> rounds = number(words, ++i);
                case "--home" -> home = Path.of(value(words, ++i));
                default -> throw new IllegalArgumentException("there is no option " + words.get(i));
            }
        }
        if (home == null) {
            throw new IllegalArgumentException("--home FOLDER is missing");
        }
        return new BacklogOptions(queued, octets, fresh, rounds, later, passing, record, home.toAbsolutePath());
    }

    private static String value(List<String> words, int at) {
        if (at >= words.size()) {
            throw new IllegalArgumentException(words.getLast() + " wants a value");
        }
        return words.get(at);
    }

    private static int number(List<String> words, int at) {
        try {
            return Integer.parseInt(value(words, at));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(words.get(at - 1) + " wants a number", notANumber);
        }
    }

    /// The command that asks for this, without its folder.
    String words() {
        return "`bench/backlog --queued " + queued + " --octets " + octets
                + (passing ? " --passing" : " --fresh " + fresh + " --rounds " + rounds + (later ? " --later" : ""))
                + "`";
    }

    /// Where its figures stand in `doc/performance.md`.
    String place() {
        return "last run with " + queued + (passing ? " passing" : later ? " waiting" : " due");
    }
}
