package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTimesTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");
    private static final Instant NEXT = Instant.parse("2026-06-02T00:00:00Z");

    private final ReportTimes times = new ReportTimes(1, Duration.ofHours(5));

    @Test
    void timesAreSpreadOverTheHoursAfterTheDay() {
        List<Instant> due = IntStream.range(0, 1000)
                .mapToObj(i -> times.due(DAY, DomainName.of("d" + i + ".example")))
                .toList();
        assertThat(due).allSatisfy(at -> assertThat(at).isBetween(NEXT, NEXT.plus(Duration.ofHours(6))));
        for (int hour = 0; hour < 5; hour++) {
            Instant from = NEXT.plus(Duration.ofHours(hour));
            assertThat(due)
                    .filteredOn(at -> !at.isBefore(from) && at.isBefore(from.plus(Duration.ofHours(1))))
                    .hasSizeGreaterThan(100);
        }
    }

    @Test
    void timesAndNamesStayTheSameOnAServerAndDifferOnOthers() {
        DomainName blue = DomainName.of("blue.example");
        ReportTimes same = new ReportTimes(1, Duration.ofHours(5));
        ReportTimes other = new ReportTimes(2, Duration.ofHours(5));
        assertThat(same.due(DAY, blue)).isEqualTo(times.due(DAY, blue));
        assertThat(other.due(DAY, blue)).isNotEqualTo(times.due(DAY, blue));
        assertThat(same.reportId(blue, NEXT))
                .isEqualTo(times.reportId(blue, NEXT))
                .matches("[0-9a-f]{32}");
        assertThat(other.reportId(blue, NEXT)).isNotEqualTo(times.reportId(blue, NEXT));
        assertThat(times.reportId(blue, NEXT.plusSeconds(1))).isNotEqualTo(times.reportId(blue, NEXT));
    }
}
