package dev.postern.blackbox.ledger;

import java.util.SplittableRandom;

/// Options of a server, which a restart may change without anything being lost.
///
/// @param delivery lines of the section `delivery`
/// @param sections whole sections
record Options(String delivery, String sections) {
    /// Options drawn at random, each of them legal.
    ///
    /// The deliveries at once stay as they are: they bound what a kill repeats.
    static Options drawn(SplittableRandom random) {
        String delivery = "\nactive-messages = " + one(random, "2000", "5000", "20000") + "\nwait-jitter = "
                + one(random, "0.0", "0.1", "0.3") + "\nwait-factor = " + one(random, "1.0", "2.0", "3.0");
        String sections = "[limits]\nsessions = " + one(random, "100", "500", "2000") + "\noverload-memory = "
                + one(random, "0.8", "0.9", "0.95") + "\noverload-spool = " + one(random, "\"2s\"", "\"10s\"")
                + "\nsessions-per-address = " + one(random, "50", "100") + "\nmessage-size = "
                + one(random, "\"2MiB\"", "\"50MiB\"") + "\n[log]\nformat = "
                + one(random, "\"text\"", "\"json\"") + "\n";
        return new Options(delivery, sections);
    }

    private static String one(SplittableRandom random, String... of) {
        return of[random.nextInt(of.length)];
    }
}
