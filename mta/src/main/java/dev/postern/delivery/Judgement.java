package dev.postern.delivery;

import dev.postern.dsn.Action;
import dev.postern.dsn.RecipientReport;
import dev.postern.event.Decision;
import dev.postern.spool.Notice;
import dev.postern.spool.RecipientState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an outcome means for one recipient: what becomes of it, who is told what, and what is
/// written down.
///
/// @param status what becomes of the recipient
/// @param telling what the sender is told, if anything
/// @param events what is logged once the status is stored
/// @param decision the reason kept for `explain`
record Judgement(
        RecipientState.Status status, Optional<Telling> telling, List<DeliveryEvent> events, Decision decision) {
    /// A line of a report.
    record Telling(Action action, RecipientReport report) {
        /// What was kept to be told of a recipient later.
        static Telling of(RecipientState recipient, Notice notice) {
            return new Telling(
                    Action.of(notice.action()),
                    new RecipientReport(
                            recipient,
                            notice.status(),
                            notice.why(),
                            notice.remote().map(r -> new RecipientReport.Remote(r.host(), r.address(), r.words())),
                            Optional.of(notice.lastAttempt()),
                            Optional.empty()));
        }

        /// The same, to be kept for later; long words are cut, since each recipient of the message keeps its own.
        ///
        /// @param now when the attempt was made
        Notice notice(Instant now) {
            return new Notice(
                    action.word(),
                    report.status(),
                    Judge.cut(report.why()),
                    report.remote().map(r -> new Notice.Remote(r.host(), r.address(), Judge.cut(r.words()))),
                    report.lastAttempt().orElse(now));
        }
    }

    Judgement {
        events = List.copyOf(events);
    }

    /// Whether the sender is to be told of the end: a failure or a success, not a delay.
    boolean tellsOfAnEnd() {
        return telling.filter(one -> one.action() != Action.DELAYED).isPresent();
    }

    /// Whether the sender is to be told of a delay.
    boolean tellsOfADelay() {
        return telling.filter(one -> one.action() == Action.DELAYED).isPresent();
    }

    /// The same with another state and nothing told now.
    Judgement silently(RecipientState.Status other) {
        return new Judgement(other, Optional.empty(), events, decision);
    }
}
