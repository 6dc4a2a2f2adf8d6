package dev.postern.intake;

import dev.postern.batv.SignedReturnPaths;
import dev.postern.batv.Signing;
import dev.postern.event.Decision;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes of the recipients of an envelope those that mail is really carried to: aliases become
/// their targets, each once, a mailing list's targets get the list's owner as their reverse-path,
/// and targets in other domains a return address of ours. A return address becomes the sender that
/// it stands for, a signed one the plain one. Used once, for one envelope.
///
/// @rfc 5321 §3.9
final class Expansion {
    /// So many aliases of one message lead it away in messages of their own, each of which says whose it is; what more
    /// aliases lead away goes together and says nothing, so that recipients never cost room without end.
    static final int MOST_APART = 50;

    private static final String STAGE = "intake";

    private final Directory directory;
    private final Optional<SenderRewriting> rewriting;
    private final Optional<SignedReturnPaths> signing;
    private final Instant now;
    private final boolean formsDiffer;
    private final Map<Way, Map<ForwardPath, RecipientState>> batches = new LinkedHashMap<>();
    private final Map<ReversePath, Set<ForwardPath>> known = new HashMap<>();
    private final Set<Mailbox> apart = new HashSet<>();
    private final Map<Mailbox, ReversePath> signed = new HashMap<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<RecipientState> toldExpanded = new ArrayList<>();

    /// @param formsDiffer whether recipients that an alias leads to other servers never share a batch with
    ///     others, since their copy takes another form
    Expansion(Directory directory, ReturnPaths paths, Instant now, boolean formsDiffer) {
        this.directory = directory;
        this.rewriting = paths.rewriting().get();
        this.signing = paths.signing().get();
        this.now = now;
        this.formsDiffer = formsDiffer;
    }

    /// What recipients of one message have in common.
    ///
    /// @param ledBy the address whose alias leads it away
    /// @param elsewhere whether that is to a server that we carry no mail for; told only where forms differ
    private record Way(ReversePath reversePath, Optional<Mailbox> ledBy, boolean elsewhere) {
        /// The way of what nobody leads away.
        static Way here(ReversePath reversePath) {
            return new Way(reversePath, Optional.empty(), false);
        }

        Way elsewhere(boolean other) {
            return new Way(reversePath, ledBy, other);
        }
    }

    /// Recipients that share a message.
    ///
    /// @param ledBy the address whose alias leads the message away, as was asked for it; empty where it stays,
    ///     where nobody leads it, and where that is not told
    /// @param elsewhere whether an alias leads them to servers that we carry no mail for; told only where forms
    ///     differ
    record Batch(
            ReversePath reversePath, List<RecipientState> recipients, Optional<Mailbox> ledBy, boolean elsewhere) {}

    /// How a recipient is reached.
    ///
    /// @param from the reverse-path that the message came with
    /// @param sender whose message it is
    /// @param ledBy the address that is written on what leaves, where the recipient is an alias
    private record Leg(ReversePath from, Arrival.Sender sender, Optional<Mailbox> ledBy) {}

    /// The batches of an envelope: one for each reverse-path, and for each alias that leads away.
    List<Batch> expand(Envelope envelope, Arrival.Sender sender) {
        for (Recipient recipient : envelope.recipients()) {
            Leg leg = new Leg(envelope.reversePath(), sender, ledBy(recipient.path()));
            expand(leg, recipient, directory.destination(recipient.path()));
        }
        return batches();
    }

    /// The one batch of a report of our own, which goes to what stood in a reverse-path. If that is signed the
    /// plain address is meant, also where the signature has expired since or the secret has gone.
    Batch report(Recipient recipient) {
        Leg leg = new Leg(new NullPath(), Arrival.Sender.OURS, Optional.empty());
        Optional<Mailbox> plain = recipient.path() instanceof Mailbox mailbox && !directory.leaves(mailbox)
                ? SignedReturnPaths.unsigned(mailbox)
                : Optional.empty();
        if (plain.isPresent()) {
            unsign(leg, recipient, plain.get(), directory.destination(plain.get()));
        } else {
            expand(leg, recipient, directory.destination(recipient.path()));
        }
        return batches().getFirst();
    }

    private void expand(Leg leg, Recipient recipient, Destination destination) {
        // who may be asked for anything but a report is the policy's; it holds here as well
        if (destination instanceof Destination.Returned back && leg.from().isNull()) {
            giveBack(leg, recipient, back);
        } else if (destination instanceof Destination.Signed(Mailbox plain, Destination.Fixed meaning)) {
            unsign(leg, recipient, plain, meaning);
        } else {
            expand(leg, recipient, destination, Optional.empty());
        }
    }

    private List<Batch> batches() {
        return batches.entrySet().stream()
                .map(e -> new Batch(
                        e.getKey().reversePath(),
                        List.copyOf(e.getValue().values()),
                        e.getKey().ledBy(),
                        e.getKey().elsewhere()))
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

    private void expand(Leg leg, Recipient recipient, Destination meaning, Optional<String> named) {
        if (meaning instanceof Destination.Alias alias) {
            expandAlias(leg, recipient, alias);
        } else {
            boolean leaves = directory.leaves(recipient.path());
            put(Way.here(leaves ? signed(leg) : leg.from()), RecipientState.fresh(recipient, named, now));
        }
    }

    /// A report finds its way back to the sender of mail that we forwarded.
    private void giveBack(Leg leg, Recipient recipient, Destination.Returned back) {
        String named = recipient.path().toString();
        expand(leg, new Recipient(back.sender(), recipient.parameters()), back.meaning(), Optional.of(named));
        decisions.add(new Decision(
                now,
                STAGE,
                SenderRewriting.RULE,
                "returned",
                "the return address stands for <" + back.sender() + ">",
                Map.of("recipient", named)));
    }

    /// What was written to a signed address goes to the plain one.
    private void unsign(Leg leg, Recipient recipient, Mailbox plain, Destination meaning) {
        String named = recipient.path().toString();
        expand(leg, new Recipient(plain, recipient.parameters()), meaning, Optional.of(named));
        decisions.add(new Decision(
                now,
                STAGE,
                SignedReturnPaths.RULE,
                "returned",
                "the return address was signed for <" + plain + ">",
                Map.of("recipient", named)));
    }

    private void expandAlias(Leg leg, Recipient recipient, Destination.Alias alias) {
        boolean fromNobody = leg.from().isNull();
        // RFC 5321 §4.5.5: a report is never answered, so also a list keeps its null reverse-path
        boolean list = !fromNobody && alias.owner().isPresent();
        ReversePath reversePath = list ? alias.owner().orElseThrow() : leg.from();
        String named = recipient.path().toString();
        RcptParameters parameters = list ? RcptParameters.none() : passedOn(recipient, alias, named);
        Way here = Way.here(reversePath);
        Way away = alias.targets().stream().anyMatch(directory::leaves)
                ? new Way(
                        list ? signed(new Leg(reversePath, Arrival.Sender.OURS, leg.ledBy())) : forwarded(leg),
                        apart(leg.ledBy()),
                        false)
                : here;
        for (ForwardPath target : alias.targets()) {
            put(
                    directory.leaves(target) ? away.elsewhere(formsDiffer && isElsewhere(target)) : here,
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

    /// The address that is written on what leaves, where it can be.
    private static Optional<Mailbox> ledBy(ForwardPath path) {
        return path instanceof Mailbox mailbox && ForwardLoops.mark(mailbox).isPresent()
                ? Optional.of(mailbox)
                : Optional.empty();
    }

    /// The same while few have a message of their own.
    private Optional<Mailbox> apart(Optional<Mailbox> ledBy) {
        return ledBy.filter(mailbox -> apart.contains(mailbox) || (apart.size() < MOST_APART && apart.add(mailbox)));
    }

    /// Whether a target is on a server that we carry no mail for.
    private boolean isElsewhere(ForwardPath target) {
        return directory.destination(target) instanceof Destination.Remote;
    }

    /// The reverse-path of what an alias sends away: one that leads back through us, where that can
    /// be written.
    private ReversePath forwarded(Leg leg) {
        if (rewriting.isEmpty() || !(leg.from() instanceof Mailbox sender)) {
            return signed(leg);
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
                yield signed(leg);
            }
        };
    }

    /// The reverse-path of our own mail that leaves: one to which reports are taken.
    private ReversePath signed(Leg leg) {
        return signing.isPresent()
                        && leg.sender() == Arrival.Sender.OURS
                        && leg.from() instanceof Mailbox sender
                        && signing.get().isOurs(sender.host())
                ? signed.computeIfAbsent(sender, mailbox -> signed(mailbox, signing.get()))
                : leg.from();
    }

    private ReversePath signed(Mailbox sender, SignedReturnPaths paths) {
        Map<String, String> inputs = Map.of("sender", "<" + sender + ">");
        return switch (paths.sign(sender)) {
            case Signing.Signed(Mailbox address) -> {
                decisions.add(new Decision(
                        now,
                        STAGE,
                        SignedReturnPaths.RULE,
                        "signed",
                        "to other servers the mail is from <" + address + ">, to which reports are taken",
                        inputs));
                yield address;
            }
            case Signing.Kept(String why) -> {
                decisions.add(new Decision(now, STAGE, SignedReturnPaths.RULE, "kept", why, inputs));
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

    /// Adds a recipient, unless it gets the message from this reverse-path already.
    private void put(Way way, RecipientState state) {
        ForwardPath path = state.recipient().path();
        if (known.computeIfAbsent(way.reversePath(), from -> new HashSet<>()).add(path)) {
            batches.computeIfAbsent(way, one -> new LinkedHashMap<>()).put(path, state);
        }
    }
}
