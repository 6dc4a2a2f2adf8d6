package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.ManualClock;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SearchTerms;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpooledMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexTest {
    private static final int MESSAGES = 4000;
    private static final byte[] WORDS = {'W', '\r', '\n'};

    @TempDir(factory = QuickFolder.class)
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();
    private RocksSpool spool;

    @BeforeEach
    void open() throws Exception {
        spool = RocksSpool.open(RocksSpoolSettings.in(folder), clock, Events.none());
    }

    @AfterEach
    void close() {
        spool.close();
    }

    private static SpooledMessage message(QueueId id, Instant now, int number) {
        ReversePath sender = number % 100 == 7
                ? new NullPath()
                : Mailbox.of("sender-" + number % 50, DomainName.of("from-" + number % 3 + ".test"));
        String domain = number % 2 == 0 ? "big.test" : "small-" + number % 400 + ".test";
        return new SpooledMessage(
                id,
                now,
                Origin.report(),
                sender,
                MailParameters.none(),
                "",
                new ContentTraits(WORDS.length, false, false, 1),
                List.of(RecipientState.fresh(
                        Recipient.of(Mailbox.of("User" + number, DomainName.of(domain))),
                        number % 500 == 3 ? Optional.of("alias" + number + "@own.test") : Optional.empty(),
                        now)),
                number % 1000 == 17);
    }

    private SpoolChange.Insert insert(QueueId id, int number) throws Exception {
        ContentDraft draft = spool.draft(id);
        draft.write(WORDS, 0, WORDS.length);
        return new SpoolChange.Insert(message(id, clock.instant(), number), draft);
    }

    private void fill(int from, int to) throws Exception {
        List<SpoolChange> changes = new ArrayList<>();
        for (int number = from; number < to; number++) {
            changes.add(insert(spool.nextId(), number));
            clock.advance(Duration.ofMillis(1));
        }
        spool.commit(changes);
    }

    private static SearchTerms recipient(String text) {
        return new SearchTerms(
                Optional.of(text), Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    private static SearchTerms sender(String text) {
        return new SearchTerms(
                Optional.empty(), Optional.of(text), Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    private static SearchTerms problem(String text) {
        return new SearchTerms(
                Optional.empty(), Optional.empty(), Optional.of(text), Optional.empty(), false, Optional.empty());
    }

    private static SearchTerms before(Instant time) {
        return new SearchTerms(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(time), false, Optional.empty());
    }

    private static SearchTerms held() {
        return new SearchTerms(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true, Optional.empty());
    }

    private static SearchTerms host(String name) {
        Host wanted = new Host.Domain(DomainName.of(name));
        return new SearchTerms(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of((recipient, _) -> recipient.equals(wanted)));
    }

    private List<SpooledMessage> found(SearchTerms terms) throws Exception {
        List<SpooledMessage> all = new ArrayList<>();
        Optional<QueueId> after = Optional.empty();
        do {
            Spool.Found found = spool.search(terms, after, 100);
            all.addAll(found.messages());
            after = found.next();
        } while (after.isPresent());
        return all;
    }

    private static boolean isMeant(SearchTerms terms, SpooledMessage message) {
        return terms.recipient()
                        .filter(text -> !recipients(message).contains(low(text)))
                        .isEmpty()
                && terms.sender()
                        .filter(text -> !senders(message).contains(low(text)))
                        .isEmpty()
                && terms.problem()
                        .filter(text -> !problems(message).contains(low(text)))
                        .isEmpty()
                && terms.arrivedBefore()
                        .filter(time -> !message.arrived().isBefore(time))
                        .isEmpty()
                && (!terms.held() || message.held())
                && terms.hosts()
                        .filter(hosts -> !hosts.mayBeMeant(host(message), Optional.empty()))
                        .isEmpty();
    }

    private static Host host(SpooledMessage message) {
        return ((Mailbox) message.recipients().getFirst().recipient().path()).host();
    }

    private static String recipients(SpooledMessage message) {
        RecipientState state = message.recipients().getFirst();
        return low(state.recipient().path() + " " + state.originally().orElse(""));
    }

    private static String senders(SpooledMessage message) {
        return message.reversePath().isNull() ? "<>" : low(message.reversePath().toString());
    }

    private static String problems(SpooledMessage message) {
        return low(
                message.recipients().getFirst().status() instanceof Status.Pending pending
                        ? pending.lastProblem().orElse("")
                        : "");
    }

    private static String low(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private Stream<SearchTerms> terms() {
        return Stream.of(
                recipient("USER123@"),
                recipient("user3999@small"),
                recipient("@small-39.test"),
                recipient("small-3"),
                recipient("s"),
                recipient(""),
                recipient("alias1003@own"),
                recipient("nobody.example"),
                sender("<>"),
                sender("sender-42@"),
                sender("FROM-2.test"),
                sender("<"),
                problem("451"),
                problem("4.7.1 greylisted 77"),
                before(Instant.EPOCH),
                before(clock.instant()),
                before(clock.instant().minusSeconds(3)),
                held(),
                host("small-39.test"),
                host("nowhere.test"),
                SearchTerms.none());
    }

    /// Whatever is searched, all that is meant is among what is found, in the order of the ids, each once.
    private void assertNothingIsMissed() throws Exception {
        List<SpooledMessage> all = spool.list(Optional.empty(), 100_000);
        for (SearchTerms terms : terms().toList()) {
            List<SpooledMessage> found = found(terms);
            Predicate<SpooledMessage> meant = message -> isMeant(terms, message);
            assertThat(found.stream().filter(meant).toList())
                    .as(terms.toString())
                    .isEqualTo(all.stream().filter(meant).toList());
            assertThat(new TreeSet<>(
                            found.stream().map(message -> message.id().value()).toList()))
                    .as("each once: " + terms)
                    .hasSize(found.size());
        }
    }

    @Test
    void whatIsRareIsFoundByReadingFewMessages() throws Exception {
        fill(0, MESSAGES);
        spool.awaitIndex();
        assertNothingIsMissed();
        assertThat(found(recipient("user123@"))).hasSizeLessThanOrEqualTo(2 * Segments.MESSAGES);
        assertThat(found(recipient("nobody.example"))).isEmpty();
        assertThat(found(sender("sender-99@"))).isEmpty();
        assertThat(found(problem("451"))).isEmpty();
        assertThat(found(before(Instant.EPOCH))).isEmpty();
        assertThat(found(host("nowhere.test"))).isEmpty();
        assertThat(found(SearchTerms.none())).hasSize(MESSAGES);
    }

    @Test
    void whatIsNotInTheIndexYetIsRead() throws Exception {
        fill(0, 1000);
        assertNothingIsMissed();
        spool.awaitIndex();
        fill(1000, 2000);
        assertNothingIsMissed();
    }

    @Test
    void aChangeIsFoundAtOnceAndAfterACrash() throws Exception {
        fill(0, MESSAGES);
        QueueId late = spool.nextId();
        fill(MESSAGES, MESSAGES + 10);
        spool.awaitIndex();
        SpooledMessage one = spool.list(Optional.empty(), 1000).get(900);
        Status status = new Status.Pending(1, clock.instant(), Optional.of("4.7.1 Greylisted 77"), false);
        SpooledMessage deferred =
                one.withRecipients(List.of(one.recipients().getFirst().with(status)));
        spool.commitLazily(List.of(new SpoolChange.Update(one, deferred)));
        SpooledMessage other = spool.list(Optional.empty(), 2000).get(1800);
        spool.commit(List.of(new SpoolChange.Update(other, other.withHeld(true)), insert(late, 123_456)));
        assertThat(found(problem("greylisted 77"))).contains(deferred);
        assertThat(found(recipient("user123456@")))
                .extracting(SpooledMessage::id)
                .contains(late);
        assertNothingIsMissed();
        spool.abandon();
        open();
        assertNothingIsMissed();
        spool.awaitIndex();
        assertNothingIsMissed();
        assertThat(found(problem("greylisted 77"))).contains(deferred).hasSizeLessThanOrEqualTo(Segments.MESSAGES);
    }

    @Test
    void segmentsGoWithTheirMessages() throws Exception {
        fill(0, MESSAGES);
        spool.awaitIndex();
        int before = spool.segments();
        int kept = 0;
        List<SpoolChange> removals = new ArrayList<>();
        for (SpooledMessage message : spool.list(Optional.empty(), MESSAGES)) {
            kept = (kept + 1) % 16;
            if (kept != 0) {
                removals.add(new SpoolChange.Remove(message));
            }
        }
        spool.commit(removals);
        assertNothingIsMissed();
        spool.awaitIndex();
        assertNothingIsMissed();
        assertThat(spool.segments()).isLessThan(before / 2);
    }

    @Test
    void segmentsWhoseMessagesWentBeforeACrashAreFoundOut() throws Exception {
        fill(0, 5 * MESSAGES);
        spool.awaitIndex();
        List<SpoolChange> removals = spool.list(Optional.empty(), 5 * MESSAGES).stream()
                .<SpoolChange>map(SpoolChange.Remove::new)
                .toList();
        spool.commit(removals);
        spool.abandon();
        open();
        int before = spool.segments();
        spool.awaitIndex();
        assertThat(spool.segments()).isLessThan(before / 2);
    }

    @Test
    void whatChangesWhileItIsSummarizedIsNotMissed() throws Exception {
        fill(0, MESSAGES);
        AtomicBoolean end = new AtomicBoolean();
        var changing = CompletableFuture.runAsync(
                () -> change(end), task -> Thread.ofVirtual().start(task));
        for (int round = 0; round < 20; round++) {
            spool.awaitIndex();
        }
        end.set(true);
        changing.get();
        assertNothingIsMissed();
        spool.abandon();
        open();
        assertNothingIsMissed();
        spool.awaitIndex();
        assertNothingIsMissed();
    }

    private void change(AtomicBoolean end) {
        Random random = new Random(1);
        try {
            List<SpooledMessage> all = spool.list(Optional.empty(), MESSAGES);
            while (!end.get()) {
                SpooledMessage one = all.get(random.nextInt(MESSAGES));
                Status status = new Status.Pending(
                        1, clock.instant(), Optional.of("4.7.1 greylisted " + random.nextInt(200)), false);
                SpooledMessage next =
                        one.withRecipients(List.of(one.recipients().getFirst().with(status)));
                spool.commitLazily(List.of(
                        random.nextInt(4) == 0 ? new SpoolChange.Remove(one) : new SpoolChange.Update(one, next)));
            }
        } catch (java.io.IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
