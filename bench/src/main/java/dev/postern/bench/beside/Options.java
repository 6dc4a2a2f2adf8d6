package dev.postern.bench.beside;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What `bench/run` is asked for.
///
/// @param works what the servers do, one after the other; at least one
/// @param size how much is measured
/// @param recorded whether the tables replace those in `doc/performance.md`
record Options(List<Work> works, Size size, boolean recorded) {
    static final String USAGE = """
            usage: bench/run [WORK...] [--rounds N] [--seconds N] [--messages N] [--record]

              accept            take mail durably, which then waits
              relay             take mail and hand it on
              authentication    check who sends what comes in, and sign what goes out (or --authentication)
              latency           reply to a client that waits for it
              distance          hand mail on over a path of 50 ms
              tls               take mail under TLS
              idle              have sessions that say nothing
              profile           tell where the time of relaying goes
              all               all of them; what is done where no work is named

              --rounds N        measure so often, the servers in turn; default 3
              --seconds N       let a measurement last about so long; default 2
              --messages N      let a measurement have so many messages instead, and warm nothing up
              --record          put the tables into doc/performance.md as well
            """;

    /// The usual measurement.
    static final Options DEFAULT = new Options(Work.ALL, new Size(3, 2, 0), false);

    Options {
        works = List.copyOf(works);
        if (works.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to do");
        }
    }

    /// Reads the words of the command line.
    ///
    /// @throws IllegalArgumentException with a sentence, where they say something else than {@link #USAGE}
    static Options parse(List<String> words) {
        List<Work> works = new ArrayList<>();
        Size size = DEFAULT.size;
        boolean recorded = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "--record" -> recorded = true;
                case "--rounds" -> size = new Size(number(words, i++), size.seconds(), size.messages());
                case "--seconds" -> size = new Size(size.rounds(), number(words, i++), size.messages());
                case "--messages" -> size = new Size(size.rounds(), size.seconds(), number(words, i++));
                case "all" -> works.addAll(Work.ALL);
                case "--authentication" -> works.add(Work.AUTHENTICATION);
                default -> works.add(work(word));
            }
        }
        return new Options(
                works.isEmpty() ? Work.ALL : works.stream().distinct().toList(), size, recorded);
    }

    private static Work work(String word) {
        for (Work work : Work.values()) {
            if (work.word().equals(word)) {
                return work;
            }
        }
        throw new IllegalArgumentException("there is no " + (word.startsWith("-") ? "option " : "work ") + word);
    }

    private static int number(List<String> words, int name) {
        String value = name + 1 < words.size() ? words.get(name + 1) : "nothing";
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(words.get(name) + " wants a number, not " + value, notANumber);
        }
        if (number < 1) {
            throw new IllegalArgumentException("every number is at least 1");
        }
        return number;
    }

    /// The command that gives these options.
    String command() {
        return String.format(
                Locale.ROOT,
                "bench/run %s --rounds %d --seconds %d%s",
                works.equals(Work.ALL) ? "all" : works.stream().map(Work::word).collect(Collectors.joining(" ")),
                size.rounds(),
                size.seconds(),
                size.messages() > 0 ? " --messages " + size.messages() : "");
    }
}
