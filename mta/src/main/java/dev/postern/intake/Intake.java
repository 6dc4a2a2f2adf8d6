package dev.postern.intake;

import dev.postern.batv.SignedReturnPaths;
import dev.postern.dsn.DsnComposer;
import dev.postern.event.Decision;
import dev.postern.forward.Onward;
import dev.postern.message.HeaderScanner;
import dev.postern.route.Directory;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.srs.SenderRewriting;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The only door into the spool; used by all sessions, keeps no state of its own.
///
/// Whatever passes gets a Received field on top and is checked for line ends and loops; aliases are
/// expanded here, so that the spool holds those recipients that mail is carried to.
public final class Intake {
    private final IntakeSettings settings;
    private final Spool spool;
    private final Directory directory;
    private final InstantSource clock;
    private final Accepted accepted;
    private final Optional<ArrivalReports> reports;
    private final ReturnPaths returnPaths;

    /// An intake that tells nobody of expanded aliases.
    ///
    /// @param accepted told of each message after its commit
    public Intake(IntakeSettings settings, Spool spool, Directory directory, InstantSource clock, Accepted accepted) {
        this(settings, spool, directory, clock, accepted, Optional.empty(), ReturnPaths.none());
    }

    private Intake(
            IntakeSettings settings,
            Spool spool,
            Directory directory,
            InstantSource clock,
            Accepted accepted,
            Optional<ArrivalReports> reports,
            ReturnPaths returnPaths) {
        this.settings = settings;
        this.spool = spool;
        this.directory = directory;
        this.clock = clock;
        this.accepted = accepted;
        this.reports = reports;
        this.returnPaths = returnPaths;
    }

    /// The same intake, but senders who want to be told of success are told of expanded aliases, and senders of
    /// mail that came back of that.
    public Intake telling(DsnComposer composer) {
        return new Intake(
                settings, spool, directory, clock, accepted, Optional.of(new ArrivalReports(composer)), returnPaths);
    }

    /// The same intake, but senders of mail that an alias leads to other domains become return
    /// addresses of ours.
    ///
    /// @param senders asked for each message; empty: they stay as they are
    public Intake rewriting(Supplier<Optional<SenderRewriting>> senders) {
        return with(new ReturnPaths(senders, returnPaths.signing()));
    }

    /// The same intake, but senders of our own mail to other domains become signed return addresses.
    ///
    /// @param senders asked for each message; empty: they stay as they are
    public Intake signing(Supplier<Optional<SignedReturnPaths>> senders) {
        return with(new ReturnPaths(returnPaths.rewriting(), senders));
    }

    private Intake with(ReturnPaths others) {
        return new Intake(settings, spool, directory, clock, accepted, reports, others);
    }

    /// The recipients of a message that aliases of ours led it away from before.
    List<Recipient> loops(Arrival arrival, Content content) throws SpoolException {
        return new ForwardLoops(directory).among(arrival.envelope(), content);
    }

    IntakeSettings settings() {
        return settings;
    }

    /// A new id, for a message or a session.
    public QueueId nextId() {
        return spool.nextId();
    }

    /// Opens the door for a message.
    ///
    /// @throws SpoolException if there is no room
    public Incoming open(Arrival arrival) throws SpoolException {
        return new Incoming(this, arrival, spool.draft(arrival.id()));
    }

    /// A report of this server, with null reverse-path, to be committed by the caller.
    ///
    /// @param content header and body with CRLF line ends
    public Prepared report(Mailbox to, byte[] content) throws SpoolException {
        return report(to, content, Handling.usual());
    }

    /// The same.
    ///
    /// @param handling how it is to be handled on its way
    public Prepared report(Mailbox to, byte[] content, Handling handling) throws SpoolException {
        ContentDraft draft = spool.draft(spool.nextId());
        draft.write(content, 0, content.length);
        boolean eightBit = false;
        int longest = 0;
        int line = 0;
        for (byte b : content) {
            eightBit |= b < 0;
            line = b == '\n' ? 0 : line + 1;
            longest = Math.max(longest, line - 1);
        }
        HeaderScanner header = new HeaderScanner();
        header.scan(content, 0, content.length);
        ContentTraits traits =
                new ContentTraits(content.length, eightBit, header.eightBit(), false, longest, header.tlsOptional());
        MailParameters parameters = new MailParameters(
                OptionalLong.empty(),
                eightBit ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT,
                header.eightBit() || to.localPart().isInternational(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                handling);
        Instant now = clock.instant();
        Envelope envelope = new Envelope(new NullPath(), parameters, List.of(Recipient.of(to)));
        Expansion.Batch batch = new Expansion(directory, returnPaths, now, false).report(Recipient.of(to));
        Origin origin = Origin.report();
        String trace = TraceFields.received(settings.hostname(), draft.id(), origin, envelope, now);
        SpooledMessage message = new SpooledMessage(
                draft.id(), now, origin, batch.reversePath(), parameters, trace, traits, batch.recipients(), false);
        return new Prepared(message, draft, accepted);
    }

    /// @param loops recipients that get it no more, since it came back to them
    IntakeResult take(Arrival arrival, Checked content, List<Recipient> loops, List<Decision> decisions)
            throws SpoolException {
        Instant now = clock.instant();
        boolean apart = !(content.onward() instanceof Onward.AsReceived);
        Expansion expansion = new Expansion(directory, returnPaths, now, apart);
        List<Expansion.Batch> batches = expansion.expand(
                without(loops, arrival.envelope()), arrival.treatment().sender());
        List<Prepared> all = new ArrayList<>();
        try {
            boolean given = false; // whether one of them has the content itself, and the name that was told
            for (Expansion.Batch batch : batches) {
                Checked written = written(batch, content, given, now);
                given |= written.draft().id().equals(arrival.id());
                all.add(new Prepared(message(arrival, batch, written, now), written.draft(), accepted));
            }
            List<Decision> record = new ArrayList<>(decisions);
            record.addAll(expansion.decisions());
            Set<QueueId> ids = new LinkedHashSet<>(List.of(arrival.id()));
            for (Prepared one : all) {
                if (ids.add(one.message().id())) {
                    record.add(copyMade(one.message()));
                }
            }
            loops.forEach(recipient -> record.add(ForwardLoops.decision(recipient, now)));
            Told told =
                    new Told(arrival.envelope().reversePath(), all.getFirst().message());
            expanded(told, expansion.toldExpanded()).ifPresent(all::add);
            looped(told, loops, content.draft().content()).ifPresent(all::add);
            List<SpoolChange> changes = new ArrayList<>();
            all.forEach(one -> changes.add(one.insert()));
            if (!record.isEmpty()) {
                ids.forEach(id -> changes.add(new SpoolChange.Explain(id, record)));
            }
            spool.commit(changes);
            for (Prepared one : all) {
                one.handOver();
            }
        } finally {
            all.forEach(Prepared::close);
        }
        return new IntakeResult.Taken(arrival.id());
    }

    /// The content that a batch gets.
    ///
    /// @param given whether another batch has the content itself, so that this one must have a copy
    private Checked written(Expansion.Batch batch, Checked content, boolean given, Instant now) throws SpoolException {
        return switch (batch.elsewhere() ? content.onward() : new Onward.AsReceived()) {
            case Onward.AsReceived _ -> given ? copy(content) : content;
            case Onward.Held _ -> (given ? copy(content) : content).asHeld();
            case Onward.Changed changed -> changed(content, changed, now);
        };
    }

    /// Recipients with another reverse-path have a message of their own, whose way is told under another id.
    private static Decision copyMade(SpooledMessage copy) {
        return new Decision(
                copy.arrived(),
                "intake",
                "copy",
                "made",
                (copy.held() ? "it is held" : "it goes on") + " from <" + copy.reversePath() + "> as " + copy.id(),
                Map.of(
                        "recipients",
                        copy.recipients().stream()
                                .map(state -> state.recipient().path().toString())
                                .collect(Collectors.joining(", "))));
    }

    /// Who is told of what became of a message; never the null path (RFC 5321 §6.1).
    private record Told(ReversePath sender, SpooledMessage sent) {
        /// How the telling is handled on its way.
        Handling handling() {
            return sent.parameters().handling().ofReport();
        }
    }

    /// The report that a message was sent on to several addresses, if somebody wants to know.
    private Optional<Prepared> expanded(Told told, List<RecipientState> recipients) throws SpoolException {
        return reports.isPresent() && !recipients.isEmpty() && told.sender() instanceof Mailbox sender
                ? Optional.of(report(sender, reports.get().expanded(told.sent(), sender, recipients), told.handling()))
                : Optional.empty();
    }

    /// The report on recipients that the message has come back to, if there are any whose sender wants to know.
    private Optional<Prepared> looped(Told told, List<Recipient> loops, Content content) throws SpoolException {
        List<RecipientState> recipients = loops.stream()
                .filter(recipient -> recipient.parameters().effectiveNotify().wants(Notify.Event.FAILURE))
                .map(recipient -> RecipientState.fresh(
                        recipient, Optional.empty(), told.sent().arrived()))
                .toList();
        return reports.isPresent() && !recipients.isEmpty() && told.sender() instanceof Mailbox sender
                ? Optional.of(
                        report(sender, reports.get().looped(told.sent(), sender, recipients, content), told.handling()))
                : Optional.empty();
    }

    private static Envelope without(List<Recipient> some, Envelope envelope) {
        return new Envelope(
                envelope.reversePath(),
                envelope.parameters(),
                envelope.recipients().stream()
                        .filter(recipient -> !some.contains(recipient))
                        .toList());
    }

    private SpooledMessage message(Arrival arrival, Expansion.Batch batch, Checked content, Instant now) {
        Envelope envelope = arrival.envelope();
        String received = TraceFields.received(settings.hostname(), arrival.id(), arrival.origin(), envelope, now);
        return new SpooledMessage(
                content.draft().id(),
                now,
                arrival.origin(),
                batch.reversePath(),
                envelope.parameters(),
                TraceFields.deliveredTo(batch.ledBy()) + received + content.stamps(),
                content.traits(),
                due(batch.recipients(), envelope.parameters().handling(), now),
                content.held());
    }

    /// The recipients of a message that is to leave later: they are due then (RFC 4865 §4.2).
    private static List<RecipientState> due(List<RecipientState> recipients, Handling handling, Instant now) {
        return handling.release()
                .map(release -> release.after(now))
                .map(time -> recipients.stream()
                        .map(one -> RecipientState.fresh(one.recipient(), one.originally(), time))
                        .toList())
                .orElse(recipients);
    }

    /// The fields that a submission must have and lacks (RFC 6409 §8).
    String completion(QueueId id, HeaderScanner header) {
        return (header.hasDate() ? "" : TraceFields.date(clock.instant()))
                + (header.hasMessageId() ? "" : TraceFields.messageId(settings.hostname(), id));
    }

    /// The decision that fields were taken out of a message.
    Decision removed(List<String> fields) {
        return new Decision(
                clock.instant(),
                "content",
                "forged-results",
                "accept",
                "fields that claim to be written by this server were taken out (RFC 8601 section 5)",
                Map.of("fields", String.join("; ", fields)));
    }

    private Checked copy(Checked original) throws SpoolException {
        return copied(draft -> {
            try (InputStream in = original.draft().content().open()) {
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    draft.write(buffer, 0, n);
                }
            }
            return original.in(draft);
        });
    }

    private Checked changed(Checked original, Onward.Changed changed, Instant now) throws SpoolException {
        return copied(draft -> new CopyWriter(draft).write(original, changed, now));
    }

    /// Writes into a draft.
    @FunctionalInterface
    private interface Copying {
        Checked into(ContentDraft draft) throws IOException;
    }

    private Checked copied(Copying copying) throws SpoolException {
        ContentDraft draft = spool.draft(spool.nextId());
        try {
            return copying.into(draft);
        } catch (SpoolException e) {
            draft.close();
            throw e;
        } catch (IOException e) {
            draft.close();
            throw new SpoolException.Broken("the content cannot be read back: " + e.getMessage(), e);
        }
    }
}
