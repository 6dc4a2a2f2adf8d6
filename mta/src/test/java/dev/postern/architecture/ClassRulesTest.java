package dev.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.postern.architecture.high.Upper;
import dev.postern.architecture.low.Lower;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Judges two small packages, of which the lower breaks every rule.
class ClassRulesTest {

    private static final String LOW = "dev.postern.architecture.low";
    private static final Pattern METHOD_OF_LOWER = Pattern.compile("Lower\\.(\\w+)\\(");

    private final ClassRules rules = rules("3 architecture.high", "1 architecture.low");

    @Test
    void packageOutsideOfTheListIsHomeless() {
        assertThat(rules.homeless()).isEmpty();
        assertThat(rules("3 architecture.high").homeless()).containsExactly(LOW);
    }

    @Test
    void useOfHigherFloorClimbs() {
        assertThat(rules.climbing())
                .isNotEmpty()
                .allSatisfy(offence -> assertThat(offence)
                        .startsWith(LOW + " (floor 1) uses dev.postern.architecture.high (floor 3): "));
        assertThat(offenders(rules.climbing())).containsExactly("climbs");
    }

    @Test
    void useOfOwnFloorClimbs() {
        assertThat(rules("1 architecture.high architecture.low").climbing())
                .anySatisfy(offence -> assertThat(offence).startsWith("dev.postern.architecture.high (floor 1)"))
                .anySatisfy(offence -> assertThat(offence).startsWith(LOW + " (floor 1)"));
    }

    @Test
    void packageWithoutNullMarkIsNamed() {
        assertThat(rules.unmarked()).containsExactly(LOW);
    }

    @Test
    void libraryOutsideOfItsOwnersStrays() {
        assertThat(offenders(rules.strays("org.slf4j", Set.of("dev.postern.architecture.high"))))
                .containsExactly("logs");
        assertThat(rules.strays("org.slf4j", Set.of(LOW))).isEmpty();
    }

    @Test
    void loggerOnPureFloorIsNamed() {
        assertThat(offenders(rules.loggersUpTo(1))).containsExactly("logs");
        assertThat(rules.loggersUpTo(0)).isEmpty();
    }

    @Test
    void everyWayToStartThreadsIsNamed() {
        assertThat(offenders(rules.threadsUpTo(1, Set.of())))
                .containsExactly(
                        "borrowsPool",
                        "makesPool",
                        "startsPlainThread",
                        "startsVirtualThread",
                        "startsVirtualThreadQuickly");
        assertThat(rules.threadsUpTo(1, Set.of(LOW))).isEmpty();
        assertThat(rules.threadsUpTo(0, Set.of())).isEmpty();
    }

    @Test
    void everyReadingOfTheWallClockIsNamed() {
        assertThat(offenders(rules.wallClocksUpTo(1)))
                .containsExactly("readsDate", "readsInstant", "readsMillis", "refersToInstant", "takesSystemClock");
        assertThat(rules.wallClocksUpTo(0)).isEmpty();
    }

    @Test
    void lookUpThroughThePlatformIsNamed() {
        assertThat(offenders(rules.lookUps())).containsExactly("looksUp", "looksUpWithPort");
    }

    private static ClassRules rules(String... floors) {
        return new ClassRules(
                Floors.parse(List.of(floors)), new ClassFileImporter().importPackagesOf(Upper.class, Lower.class));
    }

    private static Collection<String> offenders(Collection<String> offences) {
        return offences.stream()
                .flatMap(offence -> METHOD_OF_LOWER.matcher(offence).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
