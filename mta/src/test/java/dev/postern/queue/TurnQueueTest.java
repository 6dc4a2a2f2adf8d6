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

class TurnQueueTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    /// Something that waits.
    private record Waiting(String name, Turn turn) {}

    private static Waiting waiting(String name, int minutes, int priority) {
        return new Waiting(name, new Turn(NOON.plus(Duration.ofMinutes(minutes)), new Priority(priority)));
    }

    private static TurnQueue<Waiting> queue(Waiting... all) {
        TurnQueue<Waiting> queue = new TurnQueue<>(Waiting::turn);
        for (Waiting one : all) {
            queue.add(one);
        }
        return queue;
    }

    private static List<String> all(TurnQueue<Waiting> queue) {
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
        TurnQueue<Waiting> queue = queue(waiting("least", 0, -9));
        int overtaken = 0;
        String gone = "";
        for (int minute = 0;
                !gone.equals("least");
                minute++) { // one that is most urgent comes and one goes, each minute
            queue.add(waiting("most", minute, 9));
            gone = queue.remove().name();
            overtaken++;
        }
        assertThat(overtaken - 1).isEqualTo(90); // by those of the minutes 0 to 89
    }

    @Test
    void whatIsTakenOutIsTheFirstThatWasMeant() {
        TurnQueue<Waiting> queue =
                queue(waiting("a", 0, 0), waiting("b", 0, 3), waiting("a", 1, 0), waiting("b", 2, 3));

        assertThat(queue.removeIf(one -> one.name().equals("c"))).isFalse();
        assertThat(queue.removeIf(one -> one.name().equals("b"))).isTrue();
        assertThat(queue.removeIf(one -> one.name().equals("a"))).isTrue();
        assertThat(all(queue)).hasSize(2).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void whatIsDrainedIsEverything() {
        TurnQueue<Waiting> queue = queue(waiting("a", 0, 0), waiting("b", 0, 3), waiting("c", 1, -3));

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
