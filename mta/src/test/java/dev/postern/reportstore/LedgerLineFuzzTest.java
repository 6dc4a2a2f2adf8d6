package dev.postern.reportstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.LocalDate;
import java.util.Optional;

/// Any text: it is no line of the ledger, or one that is written and read again as it was.
class LedgerLineFuzzTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");

    @FuzzTest
    void lines(FuzzedDataProvider data) {
        Optional<LedgerLine> line = LedgerLine.parse(DAY, data.consumeRemainingAsString());
        if (line.isPresent()) {
            String text = line.get().text();
            assertThat(text).doesNotContain("\n");
            assertThat(LedgerLine.parse(DAY, text)).isEqualTo(line);
        }
    }
}
