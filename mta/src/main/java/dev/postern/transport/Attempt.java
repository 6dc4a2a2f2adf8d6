package dev.postern.transport;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.smtpclient.Encryption;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.RecipientResult;
import dev.postern.smtpclient.Step;
import dev.postern.smtpclient.Transmission;
import dev.postern.spool.Origin;
import dev.postern.spool.SpooledMessage;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.TlsWish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One consignment on its way: which of its stops are settled, and what troubled the others so far.
///
/// A stop stays open while another session may still serve it: where a host could not be talked to, or had too many
/// recipients in one transaction. Everything else that a server says is final for this attempt. What is still open in
/// the end gets the last trouble.
final class Attempt {
    /// A server takes no mail at all (RFC 7504 §3).
    private static final int NO_MAIL_HERE = 521;

    /// How much is told of the reasons for what a session must have, in characters.
    static final int LONGEST_WHY = 1000;

    private static final int TOO_MANY_RECIPIENTS = 452;
    private static final int TOO_MUCH = 552;
    private static final int CLOSING = 421;
    private static final int PERMANENT = 5;
    private static final EnhancedStatus ENCRYPTION_NEEDED = EnhancedStatus.of("5.7.10");
    private static final EnhancedStatus TOO_MANY = EnhancedStatus.of("4.5.3");
    private static final EnhancedStatus TOO_MANY_FOREVER = EnhancedStatus.of("5.5.3");

    /// Delivery time expired (RFC 3463 §3.5, RFC 2852 §4.1.3).
    private static final EnhancedStatus TIME_IS_OVER = EnhancedStatus.of("5.4.7");

    private static final String TOO_LATE = "the time within which it was to be delivered is over";

    private final Consignment consignment;
    private final List<Recipient> recipients;
    private final Handover handover;
    private final @Nullable DeliveryOutcome[] outcomes;
    private final SortedSet<Integer> open;
    private @Nullable DeliveryOutcome trouble;
    private boolean talked;

    /// @param recipients whom the server is told, one for each stop
    /// @param handover where the message goes
    Attempt(Consignment consignment, List<Recipient> recipients, Handover handover) {
        this.consignment = consignment;
        this.recipients = recipients;
        this.handover = handover;
        this.outcomes = new DeliveryOutcome[recipients.size()];
        this.open = new TreeSet<>(IntStream.range(0, outcomes.length).boxed().toList());
    }

    /// Whether something is left to do.
    boolean isOpen() {
        return !open.isEmpty();
    }

    /// Whether a session came about with any host.
    boolean talked() {
        return talked;
    }

    /// Settles what is open with one outcome.
    void settle(DeliveryOutcome outcome) {
        open.forEach(i -> outcomes[i] = outcome);
        open.clear();
    }

    /// Notes that a host was passed over.
    void notePassedOver(HopDecision.PassOver decision) {
        trouble(
                decision.status().kind() == PERMANENT
                        ? new DeliveryOutcome.Failed(decision.status(), decision.why(), Optional.empty())
                        : new DeliveryOutcome.Deferred(
                                decision.status(), decision.why(), Optional.empty(), DeliveryOutcome.Scope.DOMAIN));
    }

    /// Notes that a host could not be talked to.
    void noteFailure(NextHops.Hop hop, Approach.Try approach, Opening.Failed failed) {
        String words = failed.reply().map(Reply::toString).orElse("");
        Optional<DeliveryOutcome.Remote> remote = Optional.of(new DeliveryOutcome.Remote(
                hop.host(), hop.server().toString(), words, approach.security(Encryption.of(failed.tls()))));
        String why = hop.host() + " (" + hop.server() + "): " + failed.why();
        if (failed.reply().filter(r -> r.code() == NO_MAIL_HERE).isPresent()) {
            trouble(new DeliveryOutcome.Failed(failed.status(), why, remote));
        } else if (wish() == TlsWish.REQUIRED && isWithoutProof(failed)) {
            trouble(new DeliveryOutcome.Failed(ENCRYPTION_NEEDED, why, remote));
        } else {
            trouble(new DeliveryOutcome.Deferred(
                    temporary(failed.status()),
                    why,
                    remote,
                    isDemanded(failed, approach) ? DeliveryOutcome.Scope.DOMAIN : DeliveryOutcome.Scope.NEXT_HOP));
        }
    }

    /// Whether a session failed for TLS that the mail domain, or the sender, demands; without that demand it might not
    /// have.
    private static boolean isDemanded(Opening.Failed failed, Approach.Try approach) {
        return (failed.step() == Step.STARTTLS || failed.step() == Step.HANDSHAKE)
                && approach.decision().requirement().isMandatory();
    }

    /// Whether the server offers no TLS, or TLS that proves nothing; another try would end the same.
    private static boolean isWithoutProof(Opening.Failed failed) {
        return (failed.step() == Step.STARTTLS || failed.step() == Step.HANDSHAKE)
                && failed.status().kind() == PERMANENT;
    }

    /// Keeps what troubled a host: for good only if no host is troubled for a time, since that one may do later.
    private void trouble(DeliveryOutcome outcome) {
        if (outcome instanceof DeliveryOutcome.Deferred || !(trouble instanceof DeliveryOutcome.Deferred)) {
            trouble = outcome;
        }
    }

    /// What the sender of the message wants of TLS.
    TlsWish wish() {
        return handover.wish(consignment.message());
    }

    /// Whether the message is a report of ours that goes without TLS, too: one on TLS, or on such a message.
    boolean isReportWithoutTls() {
        return consignment.message().origin().equals(Origin.report())
                && consignment.message().traits().tlsOptional();
    }

    /// Tries what is open in a session, in as many transactions as the server wants.
    ///
    /// @return whether there is more that only another session with the same server may serve
    boolean tryIn(Session session) {
        List<Integer> waiting = new ArrayList<>(open);
        boolean answered = false;
        boolean goesOn = true;
        while (goesOn && !waiting.isEmpty() && session.isUsable()) {
            if (handover.isTooLate(consignment.message())) {
                settle(new DeliveryOutcome.Failed(TIME_IS_OVER, TOO_LATE, Optional.empty()));
                return false;
            }
            List<Integer> batch = List.copyOf(waiting.subList(0, Math.min(waiting.size(), session.recipientsAtOnce())));
            List<RecipientResult> results = session.client().send(transmission(batch));
            if (!answered && results.stream().allMatch(Attempt::isSilence)) {
                note(session, results.getFirst());
                return false; // in a session that was used before, it was closed meanwhile
            }
            answered = true;
            waiting.removeAll(batch);
            List<Integer> tooMany = take(session, batch, results);
            goesOn = batch.stream().allMatch(i -> !open.contains(i) || tooMany.contains(i));
            waiting.addAll(0, tooMany);
        }
        talked |= answered;
        return answered && goesOn && !waiting.isEmpty() && !session.client().hasTransactionsLeft();
    }

    /// What is sent for some of the stops. Into an inbox nobody is asked for reports: those are ours.
    private Transmission transmission(List<Integer> batch) {
        SpooledMessage message = consignment.message();
        return new Transmission(
                message.reversePath(),
                handover.passedOn(message),
                batch.stream().map(recipients::get).toList(),
                message.trace(),
                consignment.content(),
                message.traits());
    }

    private static boolean isSilence(RecipientResult result) {
        return result instanceof RecipientResult.Unanswered unanswered
                && unanswered.step() == Step.MAIL
                && !unanswered.contentSent();
    }

    /// @return those that were only too many for one transaction
    private List<Integer> take(Session session, List<Integer> batch, List<RecipientResult> results) {
        boolean someWentThrough = results.stream().anyMatch(Attempt::wentThrough);
        List<Integer> again = new ArrayList<>();
        for (int k = 0; k < batch.size(); k++) {
            RecipientResult result = results.get(k);
            if (someWentThrough && isOneTooMany(result)) {
                again.add(batch.get(k));
                trouble = tooMany(session);
            } else if (anotherHostMayDo(result)) {
                note(session, result);
            } else {
                outcomes[batch.get(k)] = outcome(session, result);
                open.remove(batch.get(k));
            }
        }
        return again;
    }

    /// Whether the server had accepted the recipient, whatever came of it then.
    private static boolean wentThrough(RecipientResult result) {
        return switch (result) {
            case RecipientResult.Taken _ -> true;
            case RecipientResult.Refused refused -> refused.step().compareTo(Step.RCPT) > 0;
            case RecipientResult.Unfit _,
                    RecipientResult.Unprotected _,
                    RecipientResult.Unanswered _,
                    RecipientResult.Unreadable _ -> false;
        };
    }

    /// Whether a recipient was refused for nothing but the number of them (RFC 5321 §4.5.3.1.10).
    private static boolean isOneTooMany(RecipientResult result) {
        return switch (result) {
            case RecipientResult.Refused(Step step, Reply reply) ->
                step == Step.RCPT
                        && (reply.code() == TOO_MANY_RECIPIENTS || reply.code() == TOO_MUCH)
                        && reply.status()
                                .map(s -> s.equals(TOO_MANY) || s.equals(TOO_MANY_FOREVER))
                                .orElse(true);
            case RecipientResult.Taken _,
                    RecipientResult.Unfit _,
                    RecipientResult.Unprotected _,
                    RecipientResult.Unanswered _,
                    RecipientResult.Unreadable _ -> false;
        };
    }

    /// Whether the trouble is with this host now, and the message cannot be there already.
    private static boolean anotherHostMayDo(RecipientResult result) {
        return switch (result) {
            case RecipientResult.Refused(Step step, Reply reply) ->
                reply.isTransient() && (step == Step.MAIL || (reply.code() == CLOSING && step != Step.CONTENT));
            case RecipientResult.Unanswered unanswered -> !unanswered.contentSent();
            case RecipientResult.Unprotected _ -> true;
            case RecipientResult.Taken _, RecipientResult.Unfit _, RecipientResult.Unreadable _ -> false;
        };
    }

    /// What is told where the next transaction does not come about: temporary, also if the server said 552.
    private static DeliveryOutcome tooMany(Session session) {
        return new DeliveryOutcome.Deferred(
                TOO_MANY,
                session.host() + " takes no more recipients at once",
                Optional.of(session.remote("")),
                DeliveryOutcome.Scope.RECIPIENT);
    }

    private void note(Session session, RecipientResult result) {
        trouble(outcome(session, result));
    }

    private DeliveryOutcome outcome(Session session, RecipientResult result) {
        return switch (result) {
            case RecipientResult.Taken(Reply reply) ->
                new DeliveryOutcome.Delivered(
                        session.how(reply),
                        Optional.of(session.remote(reply.toString())),
                        handover.relays() && session.speaksDsn(),
                        handover.relays(),
                        handover.relays() && session.keepsTime()
                                ? DeliveryOutcome.TimeKeeper.NEXT_HOP
                                : DeliveryOutcome.TimeKeeper.NOBODY);
            case RecipientResult.Refused(Step step, Reply reply) -> refused(session, step, reply);
            case RecipientResult.Unfit(EnhancedStatus status, String why) -> lacking(session, status, why);
            case RecipientResult.Unprotected(EnhancedStatus status, String why) -> lacking(session, status, why);
            case RecipientResult.Unanswered(Step step, String why, boolean contentSent) ->
                new DeliveryOutcome.Deferred(
                        EnhancedStatus.of("4.4.2"),
                        session.host() + ": lost at " + step.words() + ": " + why
                                + (contentSent ? " (it may have the message, and get it twice)" : ""),
                        Optional.of(session.remote("")),
                        contentSent ? DeliveryOutcome.Scope.RECIPIENT : DeliveryOutcome.Scope.NEXT_HOP);
            case RecipientResult.Unreadable(String why) -> LocalStops.deferred("4.3.0", why);
        };
    }

    private static DeliveryOutcome lacking(Session session, EnhancedStatus status, String why) {
        return new DeliveryOutcome.Failed(status, session.host() + ": " + why, Optional.of(session.remote("")));
    }

    private static DeliveryOutcome refused(Session session, Step step, Reply reply) {
        String why = session.host() + " said in reply to " + step.words() + ": " + reply;
        Optional<DeliveryOutcome.Remote> remote = Optional.of(session.remote(reply.toString()));
        if (reply.isPermanent()) {
            return new DeliveryOutcome.Failed(reply.status().orElseGet(() -> EnhancedStatus.of("5.0.0")), why, remote);
        }
        return new DeliveryOutcome.Deferred(
                reply.status().orElseGet(() -> EnhancedStatus.of("4.0.0")),
                why,
                remote,
                reply.code() == CLOSING ? DeliveryOutcome.Scope.NEXT_HOP : DeliveryOutcome.Scope.RECIPIENT);
    }

    private static EnhancedStatus temporary(EnhancedStatus status) {
        return new EnhancedStatus(4, status.subject(), status.detail());
    }

    /// What came of each stop, in order; those that are open get the last trouble.
    List<DeliveryOutcome> outcomes() {
        DeliveryOutcome rest = trouble;
        settle(rest == null ? LocalStops.deferred("4.4.0", "no host could be tried") : rest);
        List<DeliveryOutcome> all = new ArrayList<>(outcomes.length);
        for (DeliveryOutcome outcome : outcomes) {
            all.add(java.util.Objects.requireNonNull(outcome, "settled above"));
        }
        return all;
    }
}
