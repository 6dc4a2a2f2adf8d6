package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private static final Instant ARRIVED = Instant.parse("2026-06-01T12:00:00Z");
    private final Random random = new Random(3);

    @Test
    void theUsualScheduleTriesForFiveDaysAndAboutFortyTimes() {
        RetrySchedule usual = RetrySchedule.usual();
        Instant now = ARRIVED;
        int attempts = 0;
        while (!usual.isOver(ARRIVED, now)) {
            attempts++;
            now = usual.next(attempts, now, random);
        }
        assertThat(attempts).isBetween(33, 46);
        assertThat(usual.end(ARRIVED)).isEqualTo(ARRIVED.plus(Duration.ofDays(5)));
        assertThat(usual.isLate(ARRIVED, ARRIVED.plus(Duration.ofMinutes(239)))).isFalse();
        assertThat(usual.isLate(ARRIVED, ARRIVED.plus(Duration.ofHours(4)))).isTrue();
    }

    @Test
    void whatIsPassedOverIsLookedAtAfterTheRestAndLessOftenTheOlderItIs() {
        RetrySchedule usual = RetrySchedule.usual();
        Instant rest = ARRIVED.plus(Duration.ofMinutes(10));
        assertThat(usual.passedOver(ARRIVED, ARRIVED, rest, random)).isBetween(rest, rest.plus(Duration.ofMinutes(1)));
        Instant later = ARRIVED.plus(Duration.ofDays(2));
        assertThat(usual.passedOver(ARRIVED, later, later.plusSeconds(60), random))
                .isBetween(later.plus(Duration.ofHours(4)), later.plus(Duration.ofMinutes(241)));
    }

    @Test
    void aScheduleWithoutANoticeIsNeverLate() {
        RetrySchedule quiet = new RetrySchedule(RetrySchedule.usual().waits(), Duration.ofDays(1), Optional.empty());
        assertThat(quiet.isLate(ARRIVED, ARRIVED.plus(Duration.ofDays(30)))).isFalse();
        assertThatThrownBy(() -> new RetrySchedule(quiet.waits(), Duration.ZERO, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDomainMayHaveAScheduleOfItsOwn() {
        RetrySchedule usual = RetrySchedule.usual();
        RetrySchedule own = new RetrySchedule(usual.waits(), Duration.ofHours(1), Optional.empty());
        RetrySchedules schedules = new RetrySchedules(usual, Map.of(DomainName.of("example.org"), own));

        assertThat(schedules.of(Mailbox.of("a", DomainName.of("example.org")))).isSameAs(own);
        assertThat(schedules.of(Mailbox.of("a", DomainName.of("sub.example.org"))))
                .isSameAs(usual);
        assertThat(schedules.of(new Postmaster())).isSameAs(usual);
    }
}
