package dev.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.dsn.DsnComposer;
import dev.postern.dsn.DsnSettings;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeSettings;
import dev.postern.kept.MemoryStore;
import dev.postern.queue.BackOff;
import dev.postern.queue.HoldBook;
import dev.postern.queue.LaneBounds;
import dev.postern.queue.MailQueue;
import dev.postern.queue.QueueSettings;
import dev.postern.queue.RetrySchedule;
import dev.postern.queue.RetrySchedules;
import dev.postern.queue.Surroundings;
import dev.postern.route.Destination;
import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.ManualClock;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A queue with its delivery over a spool, a clock and a transport that a test holds in its hands.
///
/// Recipients at `local.example` go to the inbox lane, those at `refused.example` nowhere, those at
/// `bug.example` make the router throw; everybody else goes by MX, and a domain `a.at-b.example` goes
/// to the lane of `b.example`.
final class DeliveryWorld implements AutoCloseable {
    static final DomainName HOSTNAME = DomainName.of("mx.postern.example");
    static final Mailbox SENDER = Mailbox.of("alice", DomainName.of("sender.example"));
    static final BackOff WAITS = new BackOff(Duration.ofMinutes(1), 2, Duration.ofHours(4), 0);

    final ManualClock clock;
    final Spool spool;
    final RecordedEvents events = new RecordedEvents();
    final ScriptedTransport transport;
    final Surroundings surroundings;
    final Sites sites;
    final MemoryStore holdStore = new MemoryStore();
    final HoldBook holds;
    final MailQueue queue;
    final DeliveryManager manager;
    final Intake intake;
    final QueueActions actions;

    static QueueSettings settings() {
        return settings(20);
    }

    /// @param concurrency of each lane
    static QueueSettings settings(int concurrency) {
        return new QueueSettings(
                20_000,
                1 << 20,
                _ -> LaneBounds.fixed(concurrency),
                new BackOff(Duration.ofMinutes(10), 2, Duration.ofHours(1), 0),
                Duration.ZERO);
    }

    static RetrySchedule schedule() {
        return new RetrySchedule(WAITS, Duration.ofDays(5), Optional.of(Duration.ofHours(4)));
    }

    DeliveryWorld(ManualClock clock, Spool spool, ScriptedTransport transport) {
        this(clock, spool, transport, settings(), 200);
    }

    DeliveryWorld(ManualClock clock, Spool spool, ScriptedTransport transport, QueueSettings settings, int workers) {
        this(clock, spool, transport, settings, workers, Resolver.none());
    }

    /// @param zone has the exchangers of domains
    DeliveryWorld(
            ManualClock clock,
            Spool spool,
            ScriptedTransport transport,
            QueueSettings settings,
            int workers,
            Resolver zone) {
        this.clock = clock;
        this.spool = spool;
        this.transport = transport;
        this.surroundings = new Surroundings(spool, clock, new Random(1), events);
        this.sites = new Sites(zone, clock, _ -> "");
        LaneSorter lanes = new LaneSorter(DeliveryWorld::route, sites);
        this.holds = holds();
        this.queue = new MailQueue(settings, holds.sorting(lanes), surroundings);
        this.intake = new Intake(
                IntakeSettings.of(HOSTNAME),
                spool,
                path -> new Destination.Remote(
                        new Host.Domain(((Mailbox) path).host() instanceof Host.Domain(var name) ? name : HOSTNAME)),
                clock,
                queue::accepted);
        DeliverySettings delivery = new DeliverySettings(RetrySchedules.all(schedule()), workers, Duration.ZERO);
        DeliveryManager.Means means = new DeliveryManager.Means(
                lanes,
                _ -> transport,
                new DsnComposer(DsnSettings.of(HOSTNAME), new Random(2)),
                Reports.through(intake));
        this.manager = new DeliveryManager(queue, delivery, means, surroundings);
        this.actions = new QueueActions(queue, delivery, means, surroundings, Duration.ofSeconds(10));
    }

    /// The rules that keep mail back, as a server reads them at its start.
    HoldBook holds() {
        try {
            return new HoldBook(holdStore, clock, events);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static Route route(ForwardPath path, ReversePath sender) {
        Mailbox mailbox = (Mailbox) path;
        String domain = mailbox.host().toString();
        return switch (domain) {
            case "local.example" -> new Route.Local("maildir", mailbox, Optional.empty());
            case "refused.example" -> new Route.Refused(EnhancedStatus.of("5.1.2"), "There is no such domain.");
            case "bug.example" -> throw new IllegalStateException("the router has a bug");
            default -> {
                int at = domain.indexOf(".at-");
                DomainName host = DomainName.of(at < 0 ? domain : domain.substring(at + ".at-".length()));
                yield new Route.Mx(new Host.Domain(host), 25, false, Optional.empty());
            }
        };
    }

    /// A recipient `local@domain` without parameters.
    static Recipient to(String address) {
        return Recipient.of(mailbox(address));
    }

    static Recipient to(String address, Notify.Event... events) {
        return new Recipient(
                mailbox(address),
                new RcptParameters(Optional.of(new Notify(java.util.Set.of(events))), Optional.empty()));
    }

    static Mailbox mailbox(String address) {
        int at = address.lastIndexOf('@');
        return Mailbox.of(address.substring(0, at), DomainName.of(address.substring(at + 1)));
    }

    /// Commits a message as intake does, and hands it over.
    QueueId accept(ReversePath from, Recipient... recipients) throws SpoolException {
        return accept(MailParameters.none(), from, recipients);
    }

    /// The same for a message that is to be handled in some way.
    QueueId accept(Handling handling, ReversePath from, Recipient... recipients) throws SpoolException {
        return accept(MailParameters.none().withHandling(handling), from, recipients);
    }

    record Stored(SpooledMessage message, Content content) {}

    /// The same with parameters of MAIL.
    QueueId accept(MailParameters parameters, ReversePath from, Recipient... recipients) throws SpoolException {
        Stored stored = store(parameters, from, recipients);
        queue.accepted(stored.message(), stored.content());
        return stored.message().id();
    }

    /// Commits a message without handing it over: as after a restart.
    Stored store(ReversePath from, Recipient... recipients) throws SpoolException {
        return store(MailParameters.none(), from, recipients);
    }

    private Stored store(MailParameters parameters, ReversePath from, Recipient... recipients) throws SpoolException {
        Instant due = parameters
                .handling()
                .release()
                .map(release -> release.after(clock.instant()))
                .orElse(clock.instant());
        QueueId id = spool.nextId();
        byte[] octets = ("Subject: " + id + "\r\n\r\nHello\r\n").getBytes(StandardCharsets.US_ASCII);
        try (ContentDraft draft = spool.draft(id)) {
            draft.write(octets, 0, octets.length);
            Content content = draft.content();
            SpooledMessage message = new SpooledMessage(
                    id,
                    clock.instant(),
                    Origin.report(),
                    from,
                    parameters,
                    "Received: by test\r\n",
                    new ContentTraits(octets.length, false, false, 30),
                    Arrays.stream(recipients)
                            .map(one -> RecipientState.fresh(one, Optional.empty(), due))
                            .toList(),
                    false);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
            return new Stored(message, content);
        }
    }

    static ReversePath nobody() {
        return new NullPath();
    }

    /// Moves the clock on and lets the queue look at it.
    void advance(Duration by) {
        clock.advance(by);
        queue.wake();
    }

    /// Waits until the queue has let go of every message. The reader of the schedule may hold one for
    /// the moment in which it learns that its time has not come, and tells nobody when that is over.
    MailQueue.Memory awaitNothingInMemory() {
        Deadline patience = Deadline.after(Duration.ofSeconds(30));
        MailQueue.Memory memory = queue.memory();
        while (memory.messages() > 0 && !patience.passed()) {
            Thread.onSpinWait();
            memory = queue.memory();
        }
        assertThat(memory.messages()).as("messages in memory").isZero();
        return memory;
    }

    @Override
    public void close() {
        manager.stop(Deadline.after(Duration.ofSeconds(10)));
        spool.close();
    }
}
