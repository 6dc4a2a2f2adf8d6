package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.zonerecords.RolloverSight.Fate;
import dev.postern.zonerecords.RolloverSight.SeenSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloverRuleTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    /// Sets as `FATE/seconds`, several apart by a comma; `?` stands for a server that does not tell, `known` for
    /// records that there are or were.
    private static RolloverSight sight(String text, Instant ends) {
        List<SeenSet> sets = new ArrayList<>();
        Optional<String> untold = Optional.empty();
        boolean known = false;
        for (String word : text.split(", *", -1)) {
            if (word.equals("known")) {
                known = true;
            } else if (word.equals("?")) {
                untold = Optional.of("ns2 is silent");
            } else {
                String[] parts = word.split("/", -1);
                sets.add(new SeenSet(
                        Fate.valueOf(parts[0]), Duration.ofSeconds(Long.parseLong(parts[1])), "another key"));
            }
        }
        return new RolloverSight(sets, untold, known, ends);
    }

    private static RolloverMemory memory(String text) {
        return text.equals("none") ? RolloverMemory.NONE : RolloverMemory.parse(text);
    }

    private static String words(RolloverStand stand) {
        return switch (stand) {
            case RolloverStand.Free _ -> "free";
            case RolloverStand.Overdue _ -> "overdue";
            case RolloverStand.Refused _ -> "refused";
            case RolloverStand.Settling settling -> "until " + settling.until();
            case RolloverStand.Untold _ -> "untold";
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AS_BEFORE/60                     | none                       | free                       | none
            AS_BEFORE/60, AS_BEFORE/60       | none                       | free                       | none
            BOTH_REFUSED/60                  | none                       | free                       | none
            REFUSED/60                       | none                       | refused                    | PT1M -
            REFUSED/60, REFUSED/3600         | none                       | refused                    | PT1H -
            REFUSED/60, AS_BEFORE/9999       | PT2H -                     | refused                    | PT2H -
            REFUSED/60, BY_NEWS/60           | PT1M 2026-11-24T11:00:00Z  | refused                    | PT1M -
            REFUSED/60, ?                    | none                       | refused                    | PT1M -
            AS_BEFORE/60, ?, known           | none                       | untold                     | none
            AS_BEFORE/60, ?                  | none                       | free                       | none
            AS_BEFORE/60, ?                  | PT1M -                     | untold                     | PT1M -
            BY_NEWS/60, ?                    | PT1H 2026-11-24T11:30:00Z  | untold                     | PT1H 2026-11-24T11:30:00Z
            ?, known                         | none                       | untold                     | none
            ?                                | none                       | free                       | none
            BY_NEWS/60                       | PT1H -                     | until 2026-11-24T13:00:00Z | PT1H 2026-11-24T12:00:00Z
            BY_NEWS/60                       | PT1H 2026-11-24T11:30:00Z  | until 2026-11-24T12:30:00Z | PT1H 2026-11-24T11:30:00Z
            BY_NEWS/60                       | PT1H 2026-11-24T11:00:00Z  | free                       | PT1H 2026-11-24T11:00:00Z
            AS_BEFORE/60                     | PT1H -                     | until 2026-11-24T13:00:00Z | PT1H 2026-11-24T12:00:00Z
            BY_NEWS/600, BY_NEWS/60          | none                       | until 2026-11-24T12:10:00Z | PT0S 2026-11-24T12:00:00Z
            BY_NEWS/600                      | PT0S 2026-11-24T11:50:00Z  | free                       | PT0S 2026-11-24T11:50:00Z
            BY_NEWS/600                      | PT0S 2026-11-24T12:00:01Z  | until 2026-11-24T12:10:00Z | PT0S 2026-11-24T12:00:00Z
            BOTH_REFUSED/60, REFUSED/60      | none                       | refused                    | PT1M -
            """)
    void standFollowsFromWhatIsSeenAndWasSeen(String seen, String before, String stand, String after) {
        RolloverRule.Step step = RolloverRule.step(sight(seen, NOON.plusSeconds(1)), memory(before), NOON);
        assertThat(words(step.stand())).isEqualTo(stand);
        assertThat(step.memory()).isEqualTo(memory(after));
    }

    /// A certificate that has ended is refused by everybody who looks at dates, and users are the first of them.
    @ParameterizedTest
    @CsvSource({"REFUSED/60, overdue", "?, overdue", "AS_BEFORE/60, free", "BY_NEWS/60, free", "BOTH_REFUSED/60, free"})
    void nothingKeepsAnEndedCertificate(String seen, String stand) {
        RolloverStand ruled =
                RolloverRule.step(sight(seen, NOON), memory("PT1H -"), NOON).stand();
        assertThat(words(ruled)).isEqualTo(stand);
        assertThat(ruled.isOpen()).isTrue();
        assertThat(RolloverRule.step(sight(seen, NOON.plusSeconds(1)), memory("PT1H -"), NOON)
                        .stand()
                        .isOpen())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                  | none
            PT1H                                | none
            PT-1H -                             | none
            PT999999999H -                      | none
            PT1H yesterday                      | none
            PT1H 2026-11-24T12:00:00Z and more  | none
            PT1H 2026-11-24T12:00:00Z           | PT1H 2026-11-24T12:00:00Z
            """)
    void damagedMemoryIsNone(String text, String meaning) {
        assertThat(RolloverMemory.parse(text)).isEqualTo(memory(meaning));
    }

    @Test
    void memoryIsReadAsItWasWritten() {
        for (RolloverMemory memory : List.of(
                RolloverMemory.NONE,
                new RolloverMemory(Duration.ofDays(1), Optional.empty()),
                new RolloverMemory(Duration.ofMinutes(5), Optional.of(NOON)))) {
            assertThat(RolloverMemory.parse(memory.text())).isEqualTo(memory);
        }
    }
}
