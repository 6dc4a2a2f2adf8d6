package dev.postern.bench.beside;

import java.time.Duration;

/// Who is measured, in the order of the tables' columns.
enum Server {
    /// This one.
    POSTERN("Postern", "postfix", 10),
    /// Set up for nothing but this.
    POSTFIX("Postfix", "postfix", 1),
    /// A process for each session and each delivery.
    EXIM("Exim", "exim", 1),
    /// A few processes, each with its part of the work.
    OPENSMTPD("OpenSMTPD", "opensmtpd", 1),
    /// A process of Node.js for each processor.
    HARAKA("Haraka", "haraka", 4),
    /// `smtp-sink` of Postfix in a server's place: it keeps nothing, and is what sender and network can do at most.
    SINK("smtp-sink alone", "postfix", 1);

    private final String words;
    private final String peer;
    private final int warmUpSeconds;

    Server(String words, String peer, int warmUpSeconds) {
        this.words = words;
        this.peer = peer;
        this.warmUpSeconds = warmUpSeconds;
    }

    /// As it stands in the tables.
    String words() {
        return words;
    }

    /// The peer of `dev/peers` that it cannot be measured without; the sender and the sink are Postfix's.
    String peer() {
        return peer;
    }

    /// How long it is warmed up: what compiles while it runs needs longer.
    Duration warmUp() {
        return Duration.ofSeconds(warmUpSeconds);
    }

    /// Whether it can do this work.
    boolean does(Work work) {
        return this != SINK || work == Work.ACCEPT;
    }
}
