package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GramFilterTest {
    @Test
    void everyPartOfEveryTextMayOccur() {
        GramFilter.Builder builder = new GramFilter.Builder();
        builder.add("Alice.Jörg@Example.ORG");
        builder.add("");
        builder.add("<>");
        byte[] filter = builder.toOctets();
        String text = "aLICE.jÖRG@eXAMPLE.org";
        for (int from = 0; from < text.length(); from++) {
            for (int to = from; to <= text.length(); to++) {
                assertThat(GramFilter.mayOccur(filter, text.substring(from, to)))
                        .as(text.substring(from, to))
                        .isTrue();
            }
        }
        assertThat(GramFilter.mayBe(filter, "alice.jörg@example.org")).isTrue();
        assertThat(GramFilter.mayBe(filter, "<>")).isTrue();
    }

    @Test
    void numberedAddressesAreToldApart() {
        GramFilter.Builder builder = new GramFilter.Builder();
        IntStream.range(10_000, 10_500).forEach(number -> builder.add("user" + number + "@big.test"));
        byte[] filter = builder.toOctets();
        assertThat(IntStream.range(20_000, 21_000)
                        .filter(number -> GramFilter.mayOccur(filter, "user" + number + "@"))
                        .count())
                .isLessThan(10);
        assertThat(filter).hasSizeLessThan(6000);
    }

    @Test
    void nothingOccursInNoTexts() {
        byte[] filter = new GramFilter.Builder().toOctets();
        assertThat(filter).isEmpty();
        assertThat(GramFilter.mayOccur(filter, "451")).isFalse();
        assertThat(GramFilter.mayBe(filter, "<>")).isFalse();
        assertThat(GramFilter.mayOccur(filter, "45"))
                .as("too short to be looked up")
                .isTrue();
    }
}
