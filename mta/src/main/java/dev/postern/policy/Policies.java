package dev.postern.policy;

import dev.postern.event.Decision;
import dev.postern.smtp.Recipient;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// All policies of a server in their order: the first refusal wins and ends the asking.
///
/// There is none without a {@link RelayPolicy}, which is asked first at RCPT, so that no list of policies, not even the
/// empty one, lets strangers relay; and none lets users submit mail in the clear. Among verdicts that let a message in,
/// discard counts more than quarantine, and quarantine more than accept.
public final class Policies {
    private final RelayPolicy relay;
    private final List<Policy> all;
    private final InstantSource clock;
    private final Consumer<Decision> watcher;

    /// @param relay who may relay
    /// @param others asked after it, in this order
    /// @param clock tells when a decision was taken
    public Policies(RelayPolicy relay, List<Policy> others, InstantSource clock) {
        this(
                relay,
                Stream.concat(Stream.of(relay, new SubmissionPolicy()), others.stream())
                        .toList(),
                clock,
                decision -> {});
    }

    private Policies(RelayPolicy relay, List<Policy> all, InstantSource clock, Consumer<Decision> watcher) {
        this.relay = relay;
        this.all = all;
        this.clock = clock;
        this.watcher = watcher;
    }

    /// The same policies, but each opinion is shown to somebody else as well.
    public Policies watched(Consumer<Decision> by) {
        return new Policies(relay, all, clock, by);
    }

    /// Whether the client is one of ours, for whom more is done than for strangers.
    public boolean trusts(SessionFacts session) {
        return relay.trusts(session);
    }

    /// The verdict on a client that has connected; each opinion goes to `record`.
    public Verdict connect(SessionFacts session, Consumer<Decision> record) {
        return ask(Stage.CONNECT, policy -> policy.connect(session), record);
    }

    /// The verdict on the name that a client gave.
    public Verdict helo(SessionFacts session, Consumer<Decision> record) {
        return ask(Stage.HELO, policy -> policy.helo(session), record);
    }

    /// The verdict on a command in the clear, whichever it is.
    public Verdict clear(SessionFacts session, Consumer<Decision> record) {
        return ask(Stage.CLEAR, policy -> policy.clear(session), record);
    }

    /// The verdict on a reverse-path.
    public Verdict mail(SessionFacts session, MailFacts mail, Consumer<Decision> record) {
        return ask(Stage.MAIL, policy -> policy.mail(session, mail), record);
    }

    /// The verdict on one recipient.
    public Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient, Consumer<Decision> record) {
        return ask(Stage.RCPT, policy -> policy.rcpt(session, mail, recipient), record);
    }

    /// The verdict on a content.
    public Verdict content(SessionFacts session, ContentFacts content, Consumer<Decision> record) {
        return ask(Stage.CONTENT, policy -> policy.content(session, content), record);
    }

    private Verdict ask(Stage stage, Function<Policy, Verdict> question, Consumer<Decision> record) {
        Verdict strongest = Verdict.noOpinion();
        for (Policy policy : all) {
            Verdict verdict = question.apply(policy);
            if (verdict.isOpinion()) {
                Decision decision = verdict.decision(clock.instant(), stage);
                record.accept(decision);
                watcher.accept(decision);
            }
            if (weight(verdict) > weight(strongest)) {
                strongest = verdict;
            }
            if (verdict instanceof Verdict.Refusal) {
                return verdict;
            }
        }
        return strongest;
    }

    private static int weight(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept accept -> accept.isOpinion() ? 1 : 0;
            case Verdict.Quarantine quarantine -> 2;
            case Verdict.Discard discard -> 3;
            case Verdict.Refusal refusal -> 4;
        };
    }
}
