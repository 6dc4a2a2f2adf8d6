package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.Extension;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Priority;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReversePath;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a listener grants of the wishes of senders: how long it keeps mail back, in how short a time it agrees to
/// deliver or return it, and who may have it go before other mail.
///
/// @param longestHold how long a message may be held back; zero: FUTURERELEASE is not offered
/// @param shortestTime the shortest time within which a message may be asked to be delivered or returned; zero: any
/// @param priorities who may ask for which
public record HandlingTerms(Duration longestHold, Duration shortestTime, Priorities priorities) {
    private static final Duration USUAL_HOLD = Duration.ofDays(30);
    private static final Duration NINE_DIGITS = Duration.ofSeconds(FutureRelease.MAX_SECONDS);

    /// The priorities of a listener.
    ///
    /// @param usual of mail of which nothing was said
    /// @param most that clients whom we trust may ask for; whom we do not, none above the usual one
    /// @param senders in place of the usual one, for senders whom we trust
    public record Priorities(Priority usual, Priority most, SenderPriorities senders) {
        /// All mail is alike of which nothing was said, and those whom we trust may ask for any.
        public static Priorities none() {
            return new Priorities(Priority.USUAL, new Priority(Priority.FURTHEST), SenderPriorities.none());
        }
    }

    /// @throws IllegalArgumentException if a time is negative or cannot be announced
    public HandlingTerms {
        if (longestHold.isNegative()
                || shortestTime.isNegative()
                || longestHold.compareTo(NINE_DIGITS) > 0
                || shortestTime.compareTo(NINE_DIGITS) > 0) {
            throw new IllegalArgumentException("times of " + longestHold + " and " + shortestTime);
        }
    }

    /// The usual ones of a role: mail is held back for our own users only (RFC 4865 §4.2).
    public static HandlingTerms of(ListenerRole role) {
        return new HandlingTerms(role.isSubmission() ? USUAL_HOLD : Duration.ZERO, Duration.ZERO, Priorities.none());
    }

    /// The extensions that are offered.
    Set<Extension> extensions() {
        EnumSet<Extension> offered = EnumSet.of(Extension.DELIVERBY, Extension.MT_PRIORITY);
        if (longestHold.isPositive()) {
            offered.add(Extension.FUTURERELEASE);
        }
        return offered;
    }

    /// FUTURERELEASE with the longest interval and the latest time (RFC 4865 §3).
    String futureRelease(Instant now) {
        return Extension.FUTURERELEASE.keyword() + " " + longestHold.toSeconds() + " " + latest(now);
    }

    /// DELIVERBY with the shortest time, where there is one (RFC 2852 §2).
    String deliverBy() {
        return Extension.DELIVERBY.keyword() + (shortestTime.isZero() ? "" : " " + shortestTime.toSeconds());
    }

    private Instant latest(Instant now) {
        return now.plus(longestHold).truncatedTo(ChronoUnit.SECONDS);
    }

    /// Why MAIL is refused for its times; empty if they can be kept.
    Optional<Reply> refusal(MailParameters parameters, Instant now) {
        Handling asked = parameters.handling();
        Optional<Reply> tooFar = asked.release().flatMap(release -> refusal(release, now));
        if (tooFar.isPresent()) {
            return tooFar;
        }
        return asked.deliverBy().flatMap(by -> refusal(by, asked.release(), now));
    }

    /// @rfc 4865 §4.2
    private Optional<Reply> refusal(FutureRelease release, Instant now) {
        return switch (release) {
            case FutureRelease.HoldFor(long seconds) ->
                seconds > longestHold.toSeconds()
                        ? invalid("HOLDFOR is at most " + longestHold.toSeconds() + " seconds here")
                        : Optional.empty();
            case FutureRelease.HoldUntil(Instant time) -> {
                if (!time.isAfter(now)) {
                    yield invalid("HOLDUNTIL is a time to come");
                }
                yield time.isAfter(now.plus(longestHold))
                        ? invalid("HOLDUNTIL is at the latest " + latest(now) + " here")
                        : Optional.empty();
            }
        };
    }

    private Optional<Reply> refusal(DeliverBy by, Optional<FutureRelease> release, Instant now) {
        if (release.filter(asked -> asked.after(now).isAfter(now.plusSeconds(by.seconds())))
                .isPresent()) { // RFC 4865 §5.2.2
            return invalid("the time of BY is over before the message is to leave");
        }
        return by.mode() == DeliverBy.Mode.RETURN && by.seconds() < shortestTime.toSeconds() // RFC 2852 §3
                ? Optional.of(
                        Reply.of(555, "5.5.4", "BY with R is at least " + shortestTime.toSeconds() + " seconds here"))
                : Optional.empty();
    }

    private static Optional<Reply> invalid(String why) {
        return Optional.of(Reply.of(501, "5.5.4", why));
    }

    /// What was granted.
    ///
    /// @param parameters those of MAIL, with the priority that the message has
    /// @param reply to MAIL
    /// @param asked the handling that was asked for
    record Granted(MailParameters parameters, Reply reply, Handling asked) {
        /// What is written down of it, where anything was asked for or given.
        Optional<Decision> decision(Instant now) {
            Handling given = parameters.handling();
            if (asked.equals(Handling.usual()) && given.equals(asked)) {
                return Optional.empty();
            }
            Map<String, String> inputs = new LinkedHashMap<>();
            asked.release().ifPresent(release -> inputs.put("hold", release.value()));
            asked.deliverBy().ifPresent(by -> inputs.put("by", by.toString()));
            asked.priority().ifPresent(priority -> inputs.put("priority", priority.toString()));
            return Optional.of(new Decision(
                    now,
                    "mail",
                    "handling",
                    "accept",
                    asked.priority().equals(given.priority())
                            ? "the message is handled as was asked for"
                            : "the message has the priority " + given.urgency(),
                    inputs));
        }
    }

    /// What becomes of the wishes of a MAIL that is not refused.
    ///
    /// @param trusted whether the client is one of ours
    /// @rfc 6710 §4.1
    Granted grant(ReversePath sender, MailParameters parameters, boolean trusted) {
        Handling asked = parameters.handling();
        Priority given = asked.priority()
                .map(priority -> bounded(priority, trusted))
                .or(() -> trusted ? priorities.senders().of(sender) : Optional.empty())
                .orElseGet(priorities::usual);
        boolean changed = !asked.urgency().equals(given);
        return new Granted(
                changed ? parameters.withHandling(asked.withPriority(Optional.of(given))) : parameters,
                changed ? Reply.of(250, "2.3.6", given + " is the new priority of the message") : Replies.SENDER_OK,
                asked);
    }

    private Priority bounded(Priority asked, boolean trusted) {
        int most = trusted
                ? priorities.most().value()
                : Math.max(0, priorities.usual().value());
        return asked.value() <= most ? asked : new Priority(most);
    }
}
