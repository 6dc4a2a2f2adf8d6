package dev.postern.bench.beside;

import java.io.IOException;
import java.time.Duration;

/// How much is measured.
///
/// @param rounds how often each measurement is made, at least once
/// @param seconds that a measurement lasts, about; at least one
/// @param messages that a measurement has, however long that lasts, without any warming up before; 0: as many as take
/// the seconds
record Size(int rounds, int seconds, int messages) {
    // A first look at the rate, after which a measurement is as long as it is to be.
    private static final int FIRST = 50;
    private static final int FEWEST = 50;
    // The part of a measurement that a look at the rate takes.
    private static final double LOOK = 0.2;

    Size {
        if (rounds < 1 || seconds < 1 || messages < 0) {
            throw new IllegalArgumentException("every number is at least 1");
        }
    }

    /// Something that messages go through.
    interface Way {
        /// Sends so many.
        ///
        /// @return messages a second
        double send(int messages) throws IOException, InterruptedException;
    }

    /// How many messages a measurement has.
    ///
    /// @param aSecond messages that pass
    int messages(double aSecond) {
        return messages > 0 ? messages : atLeast(aSecond * seconds);
    }

    /// Looks how many messages a measurement is to have; sends some for that.
    int look(Way way) throws IOException, InterruptedException {
        if (messages > 0) {
            return messages;
        }
        double first = way.send(FIRST);
        double share = seconds * LOOK;
        return messages(first * share > FIRST ? way.send(atLeast(first * share)) : first);
    }

    /// Sends messages for some seconds, one batch after the other.
    void warmUp(Duration time, Way way) throws IOException, InterruptedException {
        if (messages > 0) {
            return;
        }
        double rate = way.send(FIRST);
        for (int second = 0; second < time.toSeconds(); second++) {
            rate = way.send(atLeast(rate));
        }
    }

    private static int atLeast(double messages) {
        return (int) Math.max(FEWEST, messages);
    }
}
