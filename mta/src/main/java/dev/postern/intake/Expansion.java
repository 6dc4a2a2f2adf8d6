package dev.postern.intake;

import dev.postern.event.Decision;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Notify;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.RecipientState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes of the recipients of an envelope those that mail is really carried to: aliases become
/// their targets, each once, and a mailing list's targets get the list's owner as their
/// reverse-path.
///
/// @rfc 5321 §3.9
final class Expansion {
    private final Directory directory;
    private final Instant now;
    private final Map<ReversePath, Map<ForwardPath, RecipientState>> batches = new LinkedHashMap<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<RecipientState> toldExpanded = new ArrayList<>();

    Expansion(Directory directory, Instant now) {
        this.directory = directory;
        this.now = now;
    }

    /// Recipients that share a reverse-path, and so a message.
    record Batch(ReversePath reversePath, List<RecipientState> recipients) {}

    /// The batches of an envelope: one for its own reverse-path, first, and one for each list
    /// owner.
    List<Batch> expand(Envelope envelope) {
        for (Recipient recipient : envelope.recipients()) {
            if (directory.destination(recipient.path()) instanceof Destination.Alias alias) {
                expandAlias(envelope, recipient, alias);
            } else {
                put(envelope.reversePath(), RecipientState.fresh(recipient, Optional.empty(), now));
            }
        }
        return batches.entrySet().stream()
                .map(e -> new Batch(e.getKey(), List.copyOf(e.getValue().values())))
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

    private void expandAlias(Envelope envelope, Recipient recipient, Destination.Alias alias) {
        boolean fromNobody = envelope.reversePath().isNull();
        // RFC 5321 §4.5.5: a report is never answered, so also a list keeps its null reverse-path
        boolean list = !fromNobody && alias.owner().isPresent();
        ReversePath reversePath = list ? alias.owner().orElseThrow() : envelope.reversePath();
        String named = recipient.path().toString();
        RcptParameters parameters = list ? RcptParameters.none() : passedOn(recipient, alias, named);
        for (ForwardPath target : alias.targets()) {
            put(reversePath, RecipientState.fresh(new Recipient(target, parameters), Optional.of(named), now));
        }
        boolean several = list || alias.targets().size() > 1;
        if (several && !fromNobody && wantsSuccess(recipient)) {
            toldExpanded.add(RecipientState.fresh(recipient, Optional.empty(), now));
        }
        decisions.add(new Decision(
                now,
                "intake",
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

    private void put(ReversePath reversePath, RecipientState state) {
        batches.computeIfAbsent(reversePath, path -> new LinkedHashMap<>())
                .putIfAbsent(state.recipient().path(), state);
    }
}
