package dev.postern.bench.beside;

import java.util.ArrayList;
import java.util.List;

/// A line of a table: what is sent, over how many sessions, and what Postern is to reach.
enum Row {
    ACCEPT_KEPT(Work.ACCEPT, "20 sessions, many a session"),
    ACCEPT_EACH(Work.ACCEPT, "20 sessions, one a session"),
    ACCEPT_CROWD(Work.ACCEPT, "100 sessions, many a session"),
    RELAY_KEPT(Work.RELAY, "20 sessions, many a session"),
    RELAY_EACH(Work.RELAY, "20 sessions, one a session"),
    RELAY_LARGE(Work.RELAY, "64 KiB, 20 sessions, many");

    private final Work work;
    private final String words;

    Row(Work work, String words) {
        this.work = work;
        this.words = words;
    }

    /// What `smtp-source` sends; it waits for each reply before it says the next command.
    ///
    /// @param sessions at once
    /// @param kept whether a session goes on with its connection after a message
    /// @param octets of each message
    record Load(int sessions, boolean kept, int octets) {
        /// The usual message.
        static final int SMALL = 4096;

        /// A long one.
        static final int LARGE = 65_536;

        /// The switches of `smtp-source`.
        ///
        /// @param messages how many in all
        List<String> switches(int messages) {
            List<String> switches = new ArrayList<>(List.of(
                    "-s",
                    Integer.toString(Math.min(sessions, messages)),
                    "-m",
                    Integer.toString(messages),
                    "-l",
                    Integer.toString(octets),
                    "-f",
                    "joe@sender.bench.example",
                    "-t",
                    "sink@bench.test"));
            if (kept) {
                switches.add("-d");
            }
            return switches;
        }
    }

    /// The work that it is a part of.
    Work work() {
        return work;
    }

    /// As it stands in the table.
    String words() {
        return words;
    }

    /// What is sent.
    Load load() {
        return switch (this) {
            case ACCEPT_KEPT, RELAY_KEPT -> new Load(20, true, Load.SMALL);
            case ACCEPT_EACH, RELAY_EACH -> new Load(20, false, Load.SMALL);
            case ACCEPT_CROWD -> new Load(100, true, Load.SMALL);
            case RELAY_LARGE -> new Load(20, true, Load.LARGE);
        };
    }

    /// What Postern is to reach.
    Goal goal() {
        return switch (this) {
            case ACCEPT_KEPT -> new Goal(8, 0, 0.15);
            case ACCEPT_EACH -> new Goal(0, 0, 0);
            case ACCEPT_CROWD -> new Goal(0, 0.6, 0.15);
            case RELAY_KEPT, RELAY_EACH -> new Goal(7, 0, 0.35);
            case RELAY_LARGE -> new Goal(4, 0, 0);
        };
    }
}
