package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// From measurements to the page.
final class TableTest {
    private static Measurement measurement(double taken, double relayed, double cpu, int mib) {
        return new Measurement(1000, taken, relayed, cpu, new MemoryWatch.Peak(mib * 1048576L, mib * 524288L));
    }

    @Test
    void eachServerHasItsMediansAndTheirRatiosFollow() {
        Map<String, List<Measurement>> servers = new LinkedHashMap<>();
        servers.put("one", List.of(measurement(1, 2, 3, 100), measurement(9, 9, 9, 999), measurement(0.5, 1, 1, 1)));
        servers.put("two", List.of(measurement(4, 4, 5, 50), measurement(2, 2, 7, 150)));
        assertThat(Table.of(Map.of(Mode.SIGNED_OUT, servers))).isEqualTo("""
                | mode | server | taken in /s | relayed /s | CPU s per 1000 | peak RSS MiB | peak PSS MiB |
                |---|---|---:|---:|---:|---:|---:|
                | out: signed, RSA-2048 | one | 1000 | 500 | 3.00 | 100 | 50 |
                | out: signed, RSA-2048 | two | 375 | 375 | 6.00 | 100 | 50 |
                | out: signed, RSA-2048 | one : two | 2.67 | 1.33 | 0.50 | 1.00 | 1.00 |
                """);
    }

    @Test
    void theLastRunReplacesTheOneBefore() {
        String page = "# Page\n<!-- last run: relay -->\nold\n<!-- end of last run: relay -->\nrest\n";
        String once = Page.withLastRun(page, "new\n", Work.RELAY);
        assertThat(once)
                .isEqualTo("# Page\n<!-- last run: relay -->\n\nnew\n\n<!-- end of last run: relay -->\nrest\n");
        assertThat(Page.withLastRun(once, "new\n", Work.RELAY)).isEqualTo(once);
        assertThatThrownBy(() -> Page.withLastRun("# Page\n", "new\n", Work.RELAY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
