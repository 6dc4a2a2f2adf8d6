package dev.postern.intake;

import dev.postern.event.Decision;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.RecipientState;
import dev.postern.srs.Rewriting;
import dev.postern.srs.SenderRewriting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes of the recipients of an envelope those that mail is really carried to: aliases become
/// their targets, each once, a mailing list's targets get the list's owner as their reverse-path,
/// and targets in other domains a return address of ours. A return address becomes the sender that
/// it stands for.
///
/// @rfc 5321 §3.9
final class Expansion {
    private static final String STAGE = "intake";

    private final Directory directory;
    private final Optional<SenderRewriting> rewriting;
    private final Instant now;
    private final boolean apart;
    private final Map<Way, Map<ForwardPath, RecipientState>> batches = new LinkedHashMap<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<RecipientState> toldExpanded = new ArrayList<>();

    /// @param apart whether recipients that an alias leads to other servers never share a batch with
    ///     others
    Expansion(Directory directory, Optional<SenderRewriting> rewriting, Instant now, boolean apart) {
        this.directory = directory;
        this.rewriting = rewriting;
        this.now = now;
        this.apart = apart;
    }

    /// Recipients that share a reverse-path, and so a message.
    ///
    /// @param ledAway whether an alias leads them to other servers; told only where these are kept
    ///     apart
    record Batch(ReversePath reversePath, boolean ledAway, List<RecipientState> recipients) {}

    /// What the recipients of a batch share.
    private record Way(ReversePath reversePath, boolean ledAway) {}

    /// The batches of an envelope, one for each reverse-path.
    List<Batch> expand(Envelope envelope) {
        for (Recipient recipient : envelope.recipients()) {
            Destination destination = directory.destination(recipient.path());
            // who may be asked for anything but a report is the policy's; it holds here as well
            if (destination instanceof Destination.Returned back
                    && envelope.reversePath().isNull()) {
                giveBack(envelope, recipient, back);
            } else {
                expand(envelope, recipient, destination, Optional.empty());
            }
        }
        return batches.entrySet().stream()
                .map(e -> new Batch(
                        e.getKey().reversePath(),
                        e.getKey().ledAway(),
                        List.copyOf(e.getValue().values())))
                .toList();
    }

    /// What was decided on the way.
    List<Decision> decisions() {
        return decisions;
    }

    /// Recipients whose sender wants to be told of success, and is told here that they were sent on
    /// to several: nobody further on will be able to (RFC 3461 §5.2.7).
    List<RecipientState> toldExpanded() {
        return toldExpanded;
    }

    private void expand(Envelope envelope, Recipient recipient, Destination meaning, Optional<String> named) {
        if (meaning instanceof Destination.Alias alias) {
            expandAlias(envelope, recipient, alias);
        } else {
            put(new Way(envelope.reversePath(), false), RecipientState.fresh(recipient, named, now));
        }
    }

    /// A report finds its way back to the sender of mail that we forwarded.
    private void giveBack(Envelope envelope, Recipient recipient, Destination.Returned back) {
        String named = recipient.path().toString();
        expand(envelope, new Recipient(back.sender(), recipient.parameters()), back.meaning(), Optional.of(named));
        decisions.add(new Decision(
                now,
                STAGE,
                SenderRewriting.RULE,
                "returned",
                "the return address stands for <" + back.sender() + ">",
                Map.of("recipient", named)));
    }

    private void expandAlias(Envelope envelope, Recipient recipient, Destination.Alias alias) {
        boolean fromNobody = envelope.reversePath().isNull();
        // RFC 5321 §4.5.5: a report is never answered, so also a list keeps its null reverse-path
        boolean list = !fromNobody && alias.owner().isPresent();
        ReversePath reversePath = list ? alias.owner().orElseThrow() : envelope.reversePath();
        String named = recipient.path().toString();
        RcptParameters parameters = list ? RcptParameters.none() : passedOn(recipient, alias, named);
        ReversePath away = list ? reversePath : forwarded(envelope.reversePath(), alias);
        for (ForwardPath target : alias.targets()) {
            put(
                    new Way(isAway(target) ? away : reversePath, apart && isElsewhere(target)),
                    RecipientState.fresh(new Recipient(target, parameters), Optional.of(named), now));
        }
        boolean several = list || alias.targets().size() > 1;
        if (several && !fromNobody && wantsSuccess(recipient)) {
            toldExpanded.add(RecipientState.fresh(recipient, Optional.empty(), now));
        }
        decisions.add(new Decision(
                now,
                STAGE,
                "alias",
                "expanded",
                named + " is the alias " + alias.name() + " for "
                        + alias.targets().size() + " address(es)",
                Map.of(
                        "targets",
                        String.join(
                                ", ",
                                alias.targets().stream().map(Object::toString).toList()))));
    }

    /// Whether a target is in a domain that is not ours, so that SPF is asked about us there.
    private boolean isAway(ForwardPath target) {
        return rewriting.isPresent()
                && target instanceof Mailbox mailbox
                && rewriting.get().isAway(mailbox);
    }

    /// Whether a target is on a server that we carry no mail for.
    private boolean isElsewhere(ForwardPath target) {
        return directory.destination(target) instanceof Destination.Remote;
    }

    /// The reverse-path of what an alias sends away: one that leads back through us, where that can
    /// be written.
    private ReversePath forwarded(ReversePath from, Destination.Alias alias) {
        if (rewriting.isEmpty()
                || !(from instanceof Mailbox sender)
                || alias.targets().stream().noneMatch(this::isAway)) {
            return from; // nobody to rewrite, or nowhere to forward to
        }
        Map<String, String> inputs = Map.of("sender", "<" + sender + ">");
        return switch (rewriting.get().forward(sender)) {
            case Rewriting.Rewritten(Mailbox address, String why) -> {
                decisions.add(new Decision(
                        now,
                        STAGE,
                        SenderRewriting.RULE,
                        "rewritten",
                        why + "; the mail is forwarded from <" + address + ">",
                        inputs));
                yield address;
            }
            case Rewriting.Kept(String why) -> {
                decisions.add(new Decision(now, STAGE, SenderRewriting.RULE, "kept", why, inputs));
                yield sender;
            }
        };
    }

    private static boolean wantsSuccess(Recipient recipient) {
        return recipient.parameters().effectiveNotify().wants(Notify.Event.SUCCESS);
    }

    /// What the targets of an alias get of the sender's wishes: the address first named, and, where
    /// they are several, no report of success of each (RFC 3461 §5.2.7.2).
    private static RcptParameters passedOn(Recipient recipient, Destination.Alias alias, String named) {
        Optional<Notify> wishes = recipient.parameters().notifyOn();
        if (alias.targets().size() > 1 && wantsSuccess(recipient)) {
            Set<Notify.Event> rest = EnumSet.noneOf(Notify.Event.class);
            rest.addAll(recipient.parameters().effectiveNotify().events());
            rest.remove(Notify.Event.SUCCESS);
            wishes = Optional.of(new Notify(rest));
        }
        String type = named.chars().anyMatch(c -> c > 127) ? "utf-8" : "rfc822";
        Optional<OriginalRecipient> first = recipient.parameters().originalRecipient();
        return new RcptParameters(wishes, first.or(() -> Optional.of(new OriginalRecipient(type, named))));
    }

    private void put(Way way, RecipientState state) {
        batches.computeIfAbsent(way, _ -> new LinkedHashMap<>())
                .putIfAbsent(state.recipient().path(), state);
    }
}
