package dev.postern.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postern.event.Decision;
import dev.postern.spool.RecipientState.Status;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for each spool.
public abstract class SpoolContract {
    private static final Duration LONG = Duration.ofDays(100);

    /// What ids and the retention of decisions go by.
    protected final ManualClock clock = ManualClock.atNoon();

    private Spool spool;

    /// A new, empty spool that keeps decisions within bounds.
    protected abstract Spool open(Retention retention) throws IOException;

    @BeforeEach
    final void openSpool() throws IOException {
        spool = open(new Retention(Duration.ofDays(7), 20));
    }

    @AfterEach
    final void closeSpool() {
        spool.close();
    }

    private Instant now() {
        return clock.instant();
    }

    private SpooledMessage insert(Instant due, byte[] content) throws IOException {
        return insert(TestMessages.simple(spool.nextId(), due), content);
    }

    private SpooledMessage insert(SpooledMessage message, byte[] content) throws IOException {
        try (ContentDraft draft = draft(message.id(), content)) {
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        return message;
    }

    private ContentDraft draft(QueueId id, byte[] content) throws IOException {
        ContentDraft draft = spool.draft(id);
        draft.write(content, 0, content.length);
        return draft;
    }

    private byte[] contentOf(QueueId id) throws IOException {
        return octets(spool.content(id));
    }

    private static byte[] octets(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    private List<QueueId> dueIds(Instant until) throws IOException {
        return spool.due(Optional.empty(), until, 1000).stream()
                .map(DueEntry::id)
                .toList();
    }

    private void assertNothingThere() throws IOException {
        assertThat(spool.count()).isZero();
        assertThat(spool.list(Optional.empty(), 10)).isEmpty();
        assertThat(spool.due(Optional.empty(), now().plus(LONG), 10)).isEmpty();
    }

    @Test
    void aNewSpoolIsEmpty() throws IOException {
        assertNothingThere();
        assertThat(spool.find(spool.nextId())).isEmpty();
        assertThat(spool.decisions(spool.nextId())).isEmpty();
    }

    @Test
    void whatWasInsertedIsFoundAsItWas() throws IOException {
        SpooledMessage simple = insert(TestMessages.simple(spool.nextId(), now()), new byte[] {1, 2, 3});
        SpooledMessage rich = insert(TestMessages.rich(spool.nextId(), now().plusNanos(123_456_789)), new byte[] {4});
        assertThat(spool.find(simple.id())).contains(simple);
        assertThat(spool.find(rich.id())).contains(rich);
        assertThat(spool.list(Optional.empty(), 10)).containsExactly(simple, rich);
        assertThat(spool.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 4096, 4097, 16_384, 16_385, 65_536, 262_143, 262_144, 262_145, 1_000_000})
    void contentOfAnySizeComesBack(int size) throws IOException {
        byte[] octets = TestMessages.content(size, size);
        SpooledMessage message = insert(now(), octets);
        assertThat(contentOf(message.id())).isEqualTo(octets);
        assertThat(contentOf(message.id())).as("a second time").isEqualTo(octets);
        assertThat(spool.content(message.id()).size()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 77, 4096, 20_000, 300_000})
    void contentMayComeInAnyPieces(int piece) throws IOException {
        byte[] octets = TestMessages.content(piece, 600_001);
        SpooledMessage message = TestMessages.simple(spool.nextId(), now());
        try (ContentDraft draft = spool.draft(message.id())) {
            byte[] window = new byte[piece + 2];
            for (int at = 0; at < octets.length; at += piece) {
                int length = Math.min(piece, octets.length - at);
                System.arraycopy(octets, at, window, 1, length);
                draft.write(window, 1, length);
                assertThat(draft.size()).isEqualTo(at + length);
            }
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        assertThat(contentOf(message.id())).isEqualTo(octets);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5000, 500_000})
    void contentOfADraftIsReadableBeforeAndAfterTheCommit(int size) throws IOException {
        byte[] octets = TestMessages.content(size, size);
        SpooledMessage message = TestMessages.simple(spool.nextId(), now());
        Content content;
        try (ContentDraft draft = draft(message.id(), octets)) {
            content = draft.content();
            assertThat(octets(content)).isEqualTo(octets);
            assertThatIllegalStateException().isThrownBy(() -> draft.write(octets, 0, 0));
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
            assertThat(octets(content)).isEqualTo(octets);
        }
        assertThat(octets(content)).isEqualTo(octets);
        assertThat(content.size()).isEqualTo(size);
    }

    @Test
    void contentOfAnUnknownMessageIsCorrupt() {
        assertThatExceptionOfType(SpoolException.Corrupt.class).isThrownBy(() -> spool.content(spool.nextId()));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 500_000})
    void aDraftThatIsClosedIsForgotten(int size) throws IOException {
        QueueId id = spool.nextId();
        ContentDraft draft = draft(id, new byte[size]);
        draft.close();
        draft.close();
        assertThat(spool.find(id)).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> spool.commit(List.of(new SpoolChange.Insert(TestMessages.simple(id, now()), draft))));
        assertNothingThere();
    }

    @Test
    void aMistakeInOneChangeStopsTheWholeTransaction() throws IOException {
        SpooledMessage there = insert(now(), new byte[1]);
        SpooledMessage wrong = TestMessages.simple(spool.nextId(), now());
        try (ContentDraft other = draft(spool.nextId(), new byte[1]);
                ContentDraft good = draft(spool.nextId(), new byte[1])) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> spool.commit(List.of(
                            new SpoolChange.Remove(there),
                            new SpoolChange.Insert(TestMessages.simple(good.id(), now()), good),
                            new SpoolChange.Insert(wrong, other))));
            assertThatIllegalStateException()
                    .isThrownBy(() -> spool.commit(List.of(
                            new SpoolChange.Insert(TestMessages.simple(good.id(), now()), good),
                            new SpoolChange.Insert(TestMessages.simple(good.id(), now()), good))));
        }
        assertThat(spool.list(Optional.empty(), 10)).containsExactly(there);
        assertThat(dueIds(now())).containsExactly(there.id());
    }

    @Test
    void aDraftOfAnotherSpoolIsRefused() throws IOException {
        try (MemorySpool other = new MemorySpool(clock);
                ContentDraft draft = other.draft(spool.nextId())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> spool.commit(
                            List.of(new SpoolChange.Insert(TestMessages.simple(draft.id(), now()), draft))));
        }
        assertNothingThere();
    }

    @Test
    void aDraftServesOneMessageOnly() throws IOException {
        SpooledMessage message = TestMessages.simple(spool.nextId(), now());
        ContentDraft draft = draft(message.id(), new byte[1]);
        spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        assertThatIllegalStateException()
                .isThrownBy(() -> spool.commit(List.of(new SpoolChange.Insert(message, draft))));
        draft.close();
        assertThat(spool.count()).isEqualTo(1);
        assertThat(contentOf(message.id())).hasSize(1);
    }

    @Test
    void changesOfATransactionHappenTogether() throws IOException {
        SpooledMessage failing = insert(now(), new byte[1]);
        SpooledMessage report = TestMessages.simple(spool.nextId(), now().plusSeconds(1));
        try (ContentDraft draft = draft(report.id(), new byte[2])) {
            spool.commit(List.of(
                    new SpoolChange.Insert(report, draft),
                    new SpoolChange.Explain(failing.id(), List.of(TestMessages.decision(now(), "failed"))),
                    new SpoolChange.Remove(failing)));
        }
        assertThat(spool.list(Optional.empty(), 10)).containsExactly(report);
        assertThat(spool.decisions(failing.id())).hasSize(1);
        assertThat(dueIds(now().plus(LONG))).containsExactly(report.id());
        assertThat(spool.count()).isEqualTo(1);
    }

    @Test
    void laterChangesOfATransactionSeeEarlierOnes() throws IOException {
        SpooledMessage message = TestMessages.simple(spool.nextId(), now());
        SpooledMessage later = TestMessages.deferred(message, now().plusSeconds(60));
        try (ContentDraft draft = draft(message.id(), new byte[1])) {
            spool.commit(List.of(new SpoolChange.Insert(message, draft), new SpoolChange.Update(message, later)));
        }
        assertThat(spool.find(message.id())).contains(later);
        assertThat(spool.due(Optional.empty(), now().plus(LONG), 10))
                .containsExactly(new DueEntry(now().plusSeconds(60), message.id()));
    }

    @Test
    void theScheduleIsInOrderOfTimeThenId() throws IOException {
        List<DueEntry> expected = new ArrayList<>();
        for (int second : new int[] {5, 1, 3, 1, 4, 1, 5, 9, 2, 6, 0}) {
            Instant due = now().plusSeconds(second).plusNanos(1);
            expected.add(new DueEntry(due, insert(due, new byte[0]).id()));
        }
        expected.sort(Comparator.naturalOrder());
        assertThat(spool.due(Optional.empty(), now().plus(LONG), 100)).isEqualTo(expected);
    }

    @Test
    void theScheduleIsReadInWindows() throws IOException {
        List<DueEntry> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            Instant due = now().plusSeconds(i / 3);
            expected.add(new DueEntry(due, insert(due, new byte[0]).id()));
        }
        List<DueEntry> read = new ArrayList<>();
        Optional<DueEntry> last = Optional.empty();
        List<DueEntry> window;
        do {
            window = spool.due(last, now().plus(LONG), 4);
            assertThat(window).hasSizeLessThanOrEqualTo(4);
            read.addAll(window);
            last = read.isEmpty() ? Optional.empty() : Optional.of(read.getLast());
        } while (!window.isEmpty());
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void theScheduleEndsWithTheGivenTime() throws IOException {
        SpooledMessage atOnce = insert(now(), new byte[0]);
        insert(now().plusNanos(1), new byte[0]);
        assertThat(dueIds(now().minusNanos(1))).isEmpty();
        assertThat(dueIds(now())).containsExactly(atOnce.id());
        assertThat(dueIds(now().plusNanos(1))).hasSize(2);
    }

    @Test
    void anUpdateMovesTheMessageInTheSchedule() throws IOException {
        SpooledMessage message = insert(now(), new byte[] {7});
        SpooledMessage later = TestMessages.deferred(message, now().plusSeconds(60));
        spool.commit(List.of(new SpoolChange.Update(message, later)));
        assertThat(spool.find(message.id())).contains(later);
        assertThat(dueIds(now().plusSeconds(59))).isEmpty();
        assertThat(dueIds(now().plusSeconds(60))).containsExactly(message.id());
        assertThat(contentOf(message.id())).containsExactly(7);
        assertThat(spool.count()).isEqualTo(1);
    }

    @Test
    void anUpdateOfALargeMessageKeepsItsContent() throws IOException {
        byte[] octets = TestMessages.content(3, 700_000);
        SpooledMessage message = insert(now(), octets);
        SpooledMessage later = TestMessages.deferred(message, now().plusSeconds(60));
        spool.commit(List.of(new SpoolChange.Update(message, later)));
        spool.commit(List.of(new SpoolChange.Update(later, later.withHeld(true))));
        assertThat(contentOf(message.id())).isEqualTo(octets);
    }

    @Test
    void anUpdateWithAnOutdatedBeforeLeavesNoTraceInTheSchedule() throws IOException {
        SpooledMessage message = insert(now(), new byte[0]);
        SpooledMessage second = TestMessages.deferred(message, now().plusSeconds(60));
        SpooledMessage third = TestMessages.deferred(message, now().plusSeconds(90));
        spool.commit(List.of(new SpoolChange.Update(message, second)));
        spool.commit(List.of(new SpoolChange.Update(message, third)));
        assertThat(spool.due(Optional.empty(), now().plus(LONG), 10))
                .containsExactly(new DueEntry(now().plusSeconds(90), message.id()));
    }

    @Test
    void aFinishedMessageIsNotInTheSchedule() throws IOException {
        SpooledMessage message = insert(now(), new byte[0]);
        SpooledMessage done = TestMessages.with(message, new Status.Done("delivered"));
        spool.commit(List.of(new SpoolChange.Update(message, done)));
        assertThat(dueIds(now().plus(LONG))).isEmpty();
        assertThat(spool.find(message.id())).contains(done);
    }

    @Test
    void aHeldMessageIsListedAndNotInTheSchedule() throws IOException {
        SpooledMessage message = insert(now(), new byte[] {9});
        SpooledMessage held = message.withHeld(true);
        spool.commit(List.of(new SpoolChange.Update(message, held)));
        assertThat(dueIds(now().plus(LONG))).isEmpty();
        assertThat(spool.list(Optional.empty(), 10)).containsExactly(held);
        spool.commit(List.of(new SpoolChange.Update(held, message)));
        assertThat(dueIds(now())).containsExactly(message.id());
        assertThat(contentOf(message.id())).containsExactly(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 500_000})
    void aRemovedMessageIsGoneWithItsContent(int size) throws IOException {
        SpooledMessage message = insert(now(), new byte[size]);
        SpooledMessage stays = insert(now(), new byte[] {1});
        spool.commit(List.of(new SpoolChange.Remove(message)));
        spool.commit(List.of(new SpoolChange.Explain(spool.nextId(), List.of())));
        assertThat(spool.find(message.id())).isEmpty();
        assertThatExceptionOfType(SpoolException.Corrupt.class).isThrownBy(() -> spool.content(message.id()));
        assertThat(dueIds(now())).containsExactly(stays.id());
        assertThat(spool.count()).isEqualTo(1);
    }

    @Test
    void aChangeOfARemovedMessageChangesNothing() throws IOException {
        SpooledMessage message = insert(now(), new byte[0]);
        spool.commit(List.of(new SpoolChange.Remove(message)));
        spool.commit(List.of(new SpoolChange.Update(message, TestMessages.deferred(message, now()))));
        spool.commit(List.of(new SpoolChange.Remove(message)));
        spool.commitLazily(List.of(new SpoolChange.Remove(message)));
        assertNothingThere();
    }

    @Test
    void theListIsInOrderOfIdsAndReadInWindows() throws IOException {
        List<QueueId> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            expected.add(insert(now().minusSeconds(i), new byte[0]).id());
        }
        List<QueueId> read = new ArrayList<>();
        List<SpooledMessage> window = spool.list(Optional.empty(), 3);
        while (!window.isEmpty()) {
            assertThat(window).hasSizeLessThanOrEqualTo(3);
            window.forEach(message -> read.add(message.id()));
            window = spool.list(Optional.of(read.getLast()), 3);
        }
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void lazyChangesAreSeenByTheNextReadInTheirOrder() throws IOException {
        SpooledMessage message = insert(now(), new byte[0]);
        SpooledMessage other = insert(now(), new byte[0]);
        SpooledMessage latest = message;
        for (int i = 1; i <= 50; i++) {
            SpooledMessage next = TestMessages.deferred(message, now().plusSeconds(i));
            spool.commitLazily(List.of(new SpoolChange.Update(latest, next)));
            latest = next;
            assertThat(spool.find(message.id())).contains(latest);
        }
        spool.commitLazily(List.of(new SpoolChange.Remove(other)));
        assertThat(spool.due(Optional.empty(), now().plus(LONG), 10))
                .containsExactly(new DueEntry(now().plusSeconds(50), message.id()));
        spool.commit(List.of(new SpoolChange.Update(latest, message)));
        assertThat(spool.find(message.id())).contains(message);
        assertThat(spool.count()).isEqualTo(1);
    }

    @Test
    void aNewMessageIsNotCommittedLazily() throws IOException {
        SpooledMessage message = TestMessages.simple(spool.nextId(), now());
        try (ContentDraft draft = draft(message.id(), new byte[1])) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> spool.commitLazily(List.of(new SpoolChange.Insert(message, draft))));
        }
        assertNothingThere();
    }

    @Test
    void idsGrowAndNoneComesTwice() throws Exception {
        Set<QueueId> seen = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<QueueId>>> handedOut = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                handedOut.add(threads.submit(() -> {
                    List<QueueId> own = new ArrayList<>();
                    for (int k = 0; k < 100; k++) {
                        own.add(spool.nextId());
                    }
                    return own;
                }));
            }
            for (Future<List<QueueId>> some : handedOut) {
                assertThat(some.get()).isSorted();
                seen.addAll(some.get());
            }
        }
        assertThat(seen).hasSize(2000);
    }

    @Test
    void anIdThatIsUsedIsNotHandedOutAgain() throws IOException {
        QueueId ahead = new QueueId(spool.nextId().value() + 1000);
        insert(TestMessages.simple(ahead, now()), new byte[0]);
        assertThat(spool.nextId()).isGreaterThan(ahead);
    }

    @Test
    void idsFollowTheClockButNotBack() {
        clock.advance(Duration.ofHours(1));
        QueueId first = spool.nextId();
        assertThat(first.at()).isEqualTo(now());
        clock.advance(Duration.ofHours(-3));
        assertThat(spool.nextId()).isGreaterThan(first);
        clock.advance(Duration.ofHours(4));
        assertThat(spool.nextId().at()).isEqualTo(now());
    }

    @Test
    void decisionsOfAKeyAreKeptInOrder() throws IOException {
        QueueId session = spool.nextId();
        QueueId neighbour = spool.nextId();
        Decision first = TestMessages.decision(now(), "accept");
        Decision second = TestMessages.decision(now().plusNanos(5), "defer");
        Decision third = TestMessages.decision(now(), "reject");
        spool.commit(List.of(
                new SpoolChange.Explain(session, List.of(first, second)),
                new SpoolChange.Explain(neighbour, List.of(first))));
        spool.commitLazily(List.of(new SpoolChange.Explain(session, List.of(third))));
        assertThat(spool.decisions(session)).containsExactly(first, second, third);
        assertThat(spool.decisions(neighbour)).containsExactly(first);
    }

    @Test
    void decisionsExpire() throws IOException {
        QueueId old = spool.nextId();
        spool.commit(List.of(new SpoolChange.Explain(old, List.of(TestMessages.decision(now(), "accept")))));
        clock.advance(Duration.ofDays(7));
        assertThat(spool.decisions(old)).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(spool.decisions(old)).isEmpty();
    }

    @Test
    void theOldestDecisionsGoWhenThereAreTooMany() throws IOException {
        List<QueueId> keys = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            keys.add(spool.nextId());
            spool.commit(
                    List.of(new SpoolChange.Explain(keys.getLast(), List.of(TestMessages.decision(now(), "accept")))));
        }
        int kept = 0;
        boolean begun = false;
        for (QueueId key : keys) {
            boolean there = !spool.decisions(key).isEmpty();
            assertThat(begun && !there).as("a gap before %s", key).isFalse();
            begun |= there;
            kept += there ? 1 : 0;
        }
        assertThat(kept).isBetween(10, 21);
    }

    @Test
    void manyThreadsCommitAndFindWhatTheyCommitted() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                byte[] octets = TestMessages.content(i, 2000 + i);
                ends.add(threads.submit(() -> {
                    for (int k = 0; k < 10; k++) {
                        SpooledMessage message = insert(now(), octets);
                        assertThat(spool.find(message.id())).contains(message);
                        assertThat(contentOf(message.id())).isEqualTo(octets);
                        if (k % 2 == 0) {
                            spool.commitLazily(List.of(new SpoolChange.Remove(message)));
                            assertThat(spool.find(message.id())).isEmpty();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
        assertThat(spool.count()).isEqualTo(250);
        assertThat(spool.list(Optional.empty(), 1000)).hasSize(250);
        assertThat(dueIds(now())).hasSize(250);
    }

    @Test
    void aClosedSpoolIsTooSlowForEverything() throws IOException {
        SpooledMessage message = insert(now(), new byte[0]);
        spool.close();
        spool.close();
        assertThatExceptionOfType(SpoolException.TooSlow.class).isThrownBy(() -> spool.draft(message.id()));
        assertThatExceptionOfType(SpoolException.TooSlow.class)
                .isThrownBy(() -> spool.commit(List.of(new SpoolChange.Remove(message))));
        assertThatExceptionOfType(SpoolException.TooSlow.class)
                .isThrownBy(() -> spool.commitLazily(List.of(new SpoolChange.Remove(message))));
        assertThatExceptionOfType(SpoolException.TooSlow.class).isThrownBy(() -> spool.find(message.id()));
        assertThatExceptionOfType(SpoolException.TooSlow.class).isThrownBy(() -> spool.content(message.id()));
        assertThatExceptionOfType(SpoolException.TooSlow.class).isThrownBy(() -> spool.list(Optional.empty(), 1));
        assertThatExceptionOfType(SpoolException.TooSlow.class).isThrownBy(() -> spool.due(Optional.empty(), now(), 1));
    }
}
