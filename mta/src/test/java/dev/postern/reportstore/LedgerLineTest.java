package dev.postern.reportstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerLineTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");
    private static final MessageForm FORM = new MessageForm();
    private static final DomainName BLUE = DomainName.of("blue.example");

    @Test
    void everyKindOfLineComesBackAsItWas() {
        for (LedgerLine<DmarcRecord, AggregateRow> line : List.<LedgerLine<DmarcRecord, AggregateRow>>of(
                new LedgerLine.Policy<>(BLUE, Rows.RECORD),
                new LedgerLine.Seen<>(BLUE, Rows.row("192.0.2.1", 7)),
                new LedgerLine.Seen<>(BLUE, Rows.full()),
                new LedgerLine.Beyond<>(BLUE, 12),
                new LedgerLine.Settled<>(new Settlement(
                        DAY,
                        BLUE,
                        Instant.parse("2026-06-02T00:00:00Z"),
                        5,
                        Settlement.Fate.SENT,
                        "id to a@b.example\n")),
                new LedgerLine.Settled<>(new Settlement(
                        DAY, BLUE, Instant.parse("2026-06-02T00:00:00Z"), 5, Settlement.Fate.DROPPED, "no\tconsent")),
                new LedgerLine.Unwanted<>(BLUE))) {
            assertThat(line.text(FORM)).doesNotContain("\n");
            assertThat(LedgerLine.parse(FORM, DAY, line.text(FORM))).contains(line);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "seen",
                "seen\tblue.example",
                "other\tblue.example\t1",
                "beyond\tblue example\t1",
                "beyond\tblue.example\tx",
                "beyond\tblue.example",
                "policy\tblue.example\thello",
                "policy\tblue.example\t%zz",
                "sent\tblue.example\tyesterday\t1\tx",
                "seen\tblue.example\t0\t192.0.2.1\treject,fail,fail\tblue.example,\t\t",
                "seen\tblue.example\t1\tlocalhost\treject,fail,fail\tblue.example,\t\t",
                "seen\tblue.example\t1\t192.0.2.1\trejected,fail,fail\tblue.example,\t\t",
                "seen\tblue.example\t1\t192.0.2.1\treject,fail\tblue.example,\t\t",
                "seen\tblue.example\t1\t192.0.2.1\treject,fail,fail\tblue.example\t\t",
                "seen\tblue.example\t1\t192.0.2.1\treject,fail,fail\tblue.example,\ta/b\t",
                "seen\tblue.example\t1\t192.0.2.1\treject,fail,fail\tblue.example,\t\t\tmore",
            })
    void lineThatIsNoneIsToldSo(String text) {
        assertThat(LedgerLine.parse(FORM, DAY, text)).isEmpty();
    }
}
