package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteTest {
    /// @param text `10 mx1.example 20 mx2.example`; `.` for the null MX
    private static Optional<Site> site(String text) {
        String[] words = text.split(" ", -1);
        List<MxRecord> records = new ArrayList<>();
        for (int i = 0; i < words.length; i += 2) {
            int preference = Integer.parseInt(words[i]);
            records.add(
                    words[i + 1].equals(".")
                            ? new MxRecord(preference, Optional.empty())
                            : MxRecord.of(preference, words[i + 1]));
        }
        return Site.of(records);
    }

    @ParameterizedTest
    @CsvSource({
        "10 a.example,              10 a.example,              true",
        "10 a.example,              0 A.Example,               true",
        "10 a.example,              10 b.example,              false",
        "10 a.example 20 b.example, 5 a.example 7 b.example,   true",
        "10 a.example 20 b.example, 20 b.example 10 a.example, true",
        "10 a.example 20 b.example, 10 b.example 20 a.example, false",
        "10 a.example 20 b.example, 10 a.example 10 b.example, false",
        "10 a.example 10 b.example, 10 b.example 10 a.example, true",
        "10 a.example 20 b.example, 10 a.example,              false",
        "10 a.example 20 a.example, 10 a.example,              true",
    })
    void sitesAreTheSameWithTheSameHostsInTheSameOrder(String one, String other, boolean same) {
        assertThat(site(one).equals(site(other))).isEqualTo(same);
        assertThat(site(one)
                        .orElseThrow()
                        .name()
                        .equals(site(other).orElseThrow().name()))
                .isEqualTo(same);
    }

    @Test
    void namesAreShortAndTellTheFirstHost() {
        assertThat(site("10 mx.example").orElseThrow().name()).isEqualTo("mx.example");
        assertThat(site("10 b.example 10 a.example 20 c.example").orElseThrow().name())
                .matches("a\\.example\\+[0-9a-f]{12}");
    }

    @Test
    void whatTakesNoMailOrListsTooMuchIsNoSite() {
        assertThat(site("0 .")).isEmpty();
        assertThat(site("0 . 10 a.example")).isEmpty();
        StringBuilder many = new StringBuilder("10 a0.example");
        for (int i = 1; i < Site.MOST_HOSTS; i++) {
            many.append(" 10 a").append(i).append(".example");
        }
        assertThat(site(many.toString())).isPresent();
        assertThat(site(many + " 10 onemore.example")).isEmpty();
    }

    @Test
    void aSiteHasAHost() {
        assertThatThrownBy(() -> new Site(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Site(Arrays.asList(List.of(DomainName.of("a.example")), List.of())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(site("10 a.example 20 b.example").orElseThrow().has(DomainName.of("b.example")))
                .isTrue();
        assertThat(site("10 a.example").orElseThrow().has(DomainName.of("b.example")))
                .isFalse();
    }
}
