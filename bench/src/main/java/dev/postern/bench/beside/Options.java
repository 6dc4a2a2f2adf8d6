package dev.postern.bench.beside;

import java.util.List;

/// What `bench/run` is asked for.
///
/// @param rounds how often each measurement is made, at least once
/// @param messages of each measurement, at least one
/// @param sessions at once, at least one
/// @param octets of each message as `smtp-source -l` counts them, at least one
/// @param work what the servers do
/// @param record whether the table replaces the one in `doc/performance.md`
record Options(int rounds, int messages, int sessions, int octets, Work work, boolean record) {
    static final String USAGE = """
            usage: bench/run [--rounds N] [--messages N] [--sessions N] [--octets N] [--authentication] [--record]

              --rounds N        measure so often, the servers in turn; default 5
              --messages N      messages of each measurement; default 20000
              --sessions N      sessions of the sender at once; default 20
              --octets N        octets of each message; default 4096
              --authentication  check who sends what comes in, and sign what goes out
              --record          put the table into doc/performance.md as well
            """;

    /// The usual measurement.
    static final Options DEFAULT = new Options(5, 20_000, 20, 4096, Work.RELAY, false);

    Options {
        if (rounds < 1 || messages < 1 || sessions < 1 || octets < 1) {
            throw new IllegalArgumentException("every number is at least 1");
        }
    }

    /// Reads the words of the command line.
    ///
    /// @throws IllegalArgumentException with a sentence, where they say something else than {@link #USAGE}
    static Options parse(List<String> words) {
        Options options = DEFAULT;
        for (int i = 0; i < words.size(); i++) {
            String name = words.get(i);
            if (name.equals("--record")) {
                options = new Options(
                        options.rounds, options.messages, options.sessions, options.octets, options.work, true);
            } else if (name.equals("--authentication")) {
                options = new Options(
                        options.rounds,
                        options.messages,
                        options.sessions,
                        options.octets,
                        Work.AUTHENTICATION,
                        options.record);
            } else {
                i++;
                options = options.with(name, i < words.size() ? words.get(i) : "nothing");
            }
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new Options(number(name, value), messages, sessions, octets, work, record);
            case "--messages" -> new Options(rounds, number(name, value), sessions, octets, work, record);
            case "--sessions" -> new Options(rounds, messages, number(name, value), octets, work, record);
            case "--octets" -> new Options(rounds, messages, sessions, number(name, value), work, record);
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(name + " wants a number, not " + value, notANumber);
        }
    }

    /// The command that gives these options.
    String command() {
        return "bench/run --rounds " + rounds + " --messages " + messages + " --sessions " + sessions + " --octets "
                + octets + work.option();
    }
}
