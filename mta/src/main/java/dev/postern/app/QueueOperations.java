package dev.postern.app;

import dev.postern.route.Router;
import dev.postern.spool.QueueId;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What an operator may do to the queue, by id and by filter, in windows: a queue of any size is never in memory as a
/// whole.
final class QueueOperations {
    private static final int WINDOW = 500;

    private final Spool spool;
    private final Router router;
    private final InstantSource clock;

    QueueOperations(Spool spool, Router router, InstantSource clock) {
        this.spool = spool;
        this.router = router;
        this.clock = clock;
    }

    /// Hands on the messages that a filter means, oldest first, as long as the taker wants more.
    void find(QueueFilter filter, Optional<QueueId> after, Predicate<SpooledMessage> wantsMore) throws SpoolException {
        Instant now = clock.instant();
        Optional<QueueId> last = after;
        while (true) {
            List<SpooledMessage> window = spool.list(last, WINDOW);
            for (SpooledMessage message : window) {
                if (filter.matches(message, now, this::lane) && !wantsMore.test(message)) {
                    return;
                }
            }
            if (window.size() < WINDOW) {
                return;
            }
            last = Optional.of(window.getLast().id());
        }
    }

    private String lane(SpooledMessage message, dev.postern.smtp.ForwardPath recipient) {
        return router.route(recipient, message.reversePath()).lane();
    }
}
