package dev.postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.spool.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BoundedResolverTest {
    private static final DomainName NAME = DomainName.of("a.example");
    private static final Resolver ZONE = ZoneResolver.of("a.example. A 192.0.2.1");

    private final ManualClock clock = ManualClock.atNoon();

    private BoundedResolver bounded(int questions, Duration time) {
        return new BoundedResolver(ZONE, clock, new DnsAllowance(questions, time));
    }

    @Test
    void questionsBeyondTheAllowanceFail() {
        BoundedResolver resolver = bounded(3, Duration.ofSeconds(20));
        for (int i = 0; i < 3; i++) {
            assertThat(resolver.resolve(NAME, RecordType.A).recordsOrNone()).hasSize(1);
        }
        assertThat(resolver.resolve(NAME, RecordType.A))
                .isEqualTo(new DnsAnswer.Failed<>("the check has asked 3 questions before this one"));
        assertThat(bounded(3, Duration.ofSeconds(20))
                        .resolve(NAME, RecordType.A)
                        .recordsOrNone())
                .hasSize(1);
    }

    @Test
    void questionsBehindTheTimeFail() {
        BoundedResolver resolver = bounded(3, Duration.ofSeconds(20));
        clock.advance(Duration.ofSeconds(20));
        assertThat(resolver.resolve(NAME, RecordType.A).recordsOrNone()).hasSize(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(resolver.resolve(NAME, RecordType.A))
                .isEqualTo(new DnsAnswer.Failed<>("the check has taken more than 20 seconds"));
    }

    @Test
    void allowanceIsSomethingAndNotEverything() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsAllowance(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsAllowance(1001, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsAllowance(1, Duration.ZERO));
    }
}
