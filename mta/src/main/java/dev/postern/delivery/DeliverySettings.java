package dev.postern.delivery;

import dev.postern.queue.RetrySchedules;
import java.time.Duration;

/// How much is sent at once, and how long it is tried.
///
/// @param schedules when a deferred message is tried again
/// @param workers how many attempts there are at once in all lanes together, 1 or more
/// @param idle how long a worker without work keeps its connection open
public record DeliverySettings(RetrySchedules schedules, int workers, Duration idle) {
    private static final int USUAL_WORKERS = 500;
    private static final Duration USUAL_IDLE = Duration.ofSeconds(3);

    /// @throws IllegalArgumentException if nothing could be sent
    public DeliverySettings {
        if (workers < 1 || idle.isNegative()) {
            throw new IllegalArgumentException(workers + " workers, idle " + idle);
        }
    }

    /// What suits a small and a big server alike.
    public static DeliverySettings of(RetrySchedules schedules) {
        return of(schedules, USUAL_WORKERS);
    }

    /// The same with so many attempts at once.
    public static DeliverySettings of(RetrySchedules schedules, int workers) {
        return new DeliverySettings(schedules, workers, USUAL_IDLE);
    }
}
