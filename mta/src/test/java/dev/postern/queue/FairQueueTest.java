package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    /// Something that waits.
    private record Waiting(String name, String owner, Turn turn) {}

    private static Waiting waiting(String name, int minutes, int priority) {
        return waiting(name, "one", minutes, priority);
    }

    private static Waiting waiting(String name, String owner, int minutes, int priority) {
        return new Waiting(name, owner, new Turn(NOON.plus(Duration.ofMinutes(minutes)), new Priority(priority)));
    }

    private static FairQueue<Waiting, String> queue(Waiting... all) {
        FairQueue<Waiting, String> queue = new FairQueue<>(Waiting::turn, Waiting::owner);
        for (Waiting one : all) {
            queue.add(one);
        }
        return queue;
    }

    private static List<String> all(FairQueue<Waiting, String> queue) {
        List<String> names = new ArrayList<>();
        while (!queue.isEmpty()) {
            Waiting first = queue.peek().orElseThrow();
            assertThat(queue.remove()).isSameAs(first);
            names.add(first.name());
        }
        assertThat(queue.peek()).isEmpty();
        return names;
    }

    @Test
    void theUsualGoesInTheOrderOfComing() {
        assertThat(all(queue(
                        waiting("a", 0, 0), waiting("b", 0, 0), waiting("c", 2, 0), waiting("clock set back", 1, 0))))
                .containsExactly("a", "b", "c", "clock set back");
    }

    @Test
    void ofThoseThatComeTogetherTheMoreUrgentGoesFirst() {
        assertThat(all(queue(
                        waiting("0", 0, 0),
                        waiting("-9", 0, -9),
                        waiting("9", 0, 9),
                        waiting("0 again", 0, 0),
                        waiting("-1", 0, -1),
                        waiting("9 again", 0, 9),
                        waiting("1", 0, 1))))
                .containsExactly("9", "9 again", "1", "0", "0 again", "-1", "-9");
    }

    @Test
    void aStepIsWorthFiveMinutesAndNoMore() {
        assertThat(all(queue(waiting("usual", 0, 0), waiting("4 min later", 4, 1), waiting("6 min later", 6, 1))))
                .containsExactly("4 min later", "usual", "6 min later");
        assertThat(all(queue(waiting("lazy", 0, -1), waiting("4 min later", 4, 0), waiting("6 min later", 6, 0))))
                .containsExactly("4 min later", "lazy", "6 min later");
    }

    @Test
    void nothingIsOvertakenForLongerThanNinetyMinutes() {
        FairQueue<Waiting, String> queue = queue(waiting("least", 0, -9));
        int overtaken = 0;
        String gone = "";
        for (int minute = 0;
                !gone.equals("least");
                minute++) { // one that is most urgent comes and one goes, each minute
            queue.add(waiting("most", minute, 9));
            gone = queue.remove().name();
            overtaken++;
        }
        assertThat(overtaken - 1).isEqualTo(91); // by those of the minutes 0 to 90
    }

    @Test
    void whatIsTakenOutIsTheFirstThatWasMeant() {
        FairQueue<Waiting, String> queue =
                queue(waiting("a", 0, 0), waiting("b", 0, 3), waiting("a", 1, 0), waiting("b", 2, 3));

        assertThat(queue.removeIf("one", one -> one.name().equals("c"))).isFalse();
        assertThat(queue.removeIf("one", one -> one.name().equals("b"))).isTrue();
        assertThat(queue.removeIf("one", one -> one.name().equals("a"))).isTrue();
        assertThat(all(queue)).hasSize(2).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void ownersHaveOneOutInTurn() {
        assertThat(all(queue(
                        waiting("a1", "a", 0, 0),
                        waiting("a2", "a", 0, 0),
                        waiting("a3", "a", 0, 0),
                        waiting("b1", "b", 1, 0),
                        waiting("b2", "b", 1, 0),
                        waiting("c1", "c", 2, 0))))
                .containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
    }

    @Test
    void whoComesWaitsForOneOfEachOther() {
        FairQueue<Waiting, String> queue = queue();
        for (int i = 0; i < 1000; i++) {
            for (String owner : List.of("a", "b", "c")) {
                queue.add(waiting(owner, owner, 0, 0));
            }
        }
        for (int i = 0; i < 10; i++) {
            queue.remove();
        }
        queue.add(waiting("late", "late", 9, 0));

        List<String> next = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            next.add(queue.remove().name());
        }
        assertThat(next).endsWith("late").contains("a", "b", "c");
    }

    @Test
    void whoHasOneAtATimeGetsHisShareAndNoMore() {
        FairQueue<Waiting, String> queue = queue();
        for (int i = 0; i < 100; i++) {
            queue.add(waiting("many", "many", 0, 0));
        }
        queue.add(waiting("one", "one", 0, 0));
        int ones = 0;
        for (int i = 0; i < 100; i++) {
            if (queue.remove().name().equals("one")) {
                ones++;
                queue.add(waiting("one", "one", 0, 0));
            }
        }
        assertThat(ones).isEqualTo(50);
    }

    /// A level is as old as its oldest, not as the next of its round: else each owner would wait for his own 45
    /// minutes.
    @Test
    void aLevelIsServedForItsOldestWhoeverIsNext() {
        FairQueue<Waiting, String> queue = queue(waiting("usual", "new", 60, 0), waiting("usual, old", "old", 0, 0));

        queue.add(waiting("urgent", "urgent", 60, 9));
        assertThat(all(queue)).containsExactly("usual", "usual, old", "urgent");
    }

    @Test
    void whatIsTakenOutOfALineLeavesTheOthersInOrder() {
        FairQueue<Waiting, String> queue =
                queue(waiting("a1", "a", 0, 0), waiting("b1", "b", 0, 0), waiting("a2", "a", 0, 0));

        assertThat(queue.removeIf("b", one -> one.name().equals("a1"))).isFalse();
        assertThat(queue.removeIf("b", one -> one.name().equals("b1"))).isTrue();
        queue.add(waiting("c1", "c", 0, 0));
        assertThat(all(queue)).containsExactly("a1", "c1", "a2");
    }

    @Test
    void whatIsDrainedIsEverything() {
        FairQueue<Waiting, String> queue = queue(waiting("a", 0, 0), waiting("b", 0, 3), waiting("c", 1, -3));

        assertThat(queue.drain()).extracting(Waiting::name).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void anyMixtureGoesInTheOrderOfTurns() {
        Random random = new Random(7);
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            all.add(waiting("x" + i, i, random.nextInt(-9, 10)));
        }

        assertThat(all(queue(all.toArray(Waiting[]::new))).stream()
                        .map(name ->
                                all.get(Integer.parseInt(name.substring(1))).turn()))
                .isSortedAccordingTo(Comparator.naturalOrder());
    }
}
