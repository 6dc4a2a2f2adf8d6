package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.queue.RetrySchedule;
import java.time.Duration;
import java.time.LocalDate;
import java.util.stream.Stream;

/// How long the record of a key that signs no more has to stay published: until the last message that it has signed has
/// arrived or come back, with some days for servers that have taken it on.
///
/// @param days counted from the day on which the key was retired
record Retirement(long days) {
    private static final Duration MARGIN = Duration.ofDays(2);

    /// As long as our queue tries, and two days more.
    static Retirement of(Config config) {
        Duration longest = Stream.concat(
                        Stream.of(config.delivery().schedules().usual()),
                        config.delivery().schedules().byDomain().values().stream())
                .map(RetrySchedule::giveUpAfter)
                .max(Duration::compareTo)
                .orElseThrow();
        return new Retirement(longest.plus(MARGIN).plusDays(1).minusNanos(1).toDays());
    }

    /// The last day on which it has to be there.
    LocalDate until(LocalDate retired) {
        return retired.plusDays(days);
    }
}
