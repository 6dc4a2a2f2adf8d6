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
        readAndWritten(new MessageForm(), data.consumeRemainingAsString());
    }

    @FuzzTest
    void linesOfSessions(FuzzedDataProvider data) {
        readAndWritten(new SessionForm(), data.consumeRemainingAsString());
    }

    private static <P, R> void readAndWritten(LedgerForm<P, R> form, String text) {
        Optional<LedgerLine<P, R>> line = LedgerLine.parse(form, DAY, text);
        if (line.isPresent()) {
            String again = line.get().text(form);
            assertThat(again).doesNotContain("\n");
            assertThat(LedgerLine.parse(form, DAY, again)).isEqualTo(line);
        }
    }
}
