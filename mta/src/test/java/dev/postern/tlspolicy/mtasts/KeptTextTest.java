package dev.postern.tlspolicy.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptTextTest {
    private static final List<KeptPolicy> KEPT = List.of(
            new KeptPolicy(
                    DomainName.of("example.org"),
                    new StsRecord("20260601"),
                    new StsPolicy(
                            StsPolicy.Mode.ENFORCE, List.of("mx1.example.org", "*.mx.example.net"), Duration.ofDays(7)),
                    Instant.parse("2026-06-01T12:00:00Z"),
                    Instant.parse("2026-06-02T12:00:00Z")),
            new KeptPolicy(
                    DomainName.of("other.example"),
                    new StsRecord("a"),
                    new StsPolicy(StsPolicy.Mode.NONE, List.of(), Duration.ofDays(1)),
                    Instant.parse("2026-06-01T12:00:01Z"),
                    Instant.parse("2026-06-01T12:00:01Z")));

    private static KeptText.Result parse(String text) {
        return KeptText.parse(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsWrittenIsReadTheSame() {
        String text = KeptText.of(KEPT);

        assertThat(text)
                .startsWith("postern-mta-sts 1\n")
                .contains(
                        " example.org 20260601 1780315200 1780401600 enforce 604800 mx1.example.org *.mx.example.net\n");
        assertThat(parse(text)).isEqualTo(new KeptText.Result.Good(KEPT, 0));
        assertThat(parse(KeptText.of(List.of()))).isEqualTo(new KeptText.Result.Good(List.of(), 0));
    }

    @Test
    void cutAnywhereItNeverHoldsAnotherPolicy() {
        String text = KeptText.of(KEPT);
        for (int end = 0; end < text.length(); end++) {
            if (parse(text.substring(0, end)) instanceof KeptText.Result.Good good) {
                assertThat(KEPT).containsAll(good.policies());
            }
        }
    }

    @Test
    void damagedOctetLosesOnePolicyAtMostAndIsCounted() {
        String text = KeptText.of(KEPT);
        for (int at = "postern-mta-sts 1\n".length(); at < text.length() - 1; at++) {
            char other = text.charAt(at) == 'x' ? 'y' : 'x';
            String damaged = text.substring(0, at) + other + text.substring(at + 1);
            KeptText.Result.Good good = (KeptText.Result.Good) parse(damaged);
            if (text.charAt(at) == '\n') {
                assertThat(good.damaged()).isEqualTo(1);
            } else {
                assertThat(good.policies()).hasSize(1);
                assertThat(good.damaged()).isEqualTo(1);
            }
            assertThat(KEPT).containsAll(good.policies());
        }
    }

    @Test
    void whatIsForeignIsNotRead() {
        assertThat(parse("")).isInstanceOf(KeptText.Result.Bad.class);
        assertThat(parse("postern-bans 1\nend 0\n")).isInstanceOf(KeptText.Result.Bad.class);
        assertThat(KeptText.parse(new byte[KeptText.LONGEST + 1])).isInstanceOf(KeptText.Result.Bad.class);
    }
}
