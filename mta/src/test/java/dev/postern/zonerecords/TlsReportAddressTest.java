package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.Mailbox;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsReportAddressTest {
    private static final Mailbox READER = Mailbox.of("reports", Sites.ORG);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mailto:reports@example.org                          | true",
                "https://r.example/x,mailto:reports@example.org      | true",
                "mailto:reports@example.org.elsewhere.example        | false",
                "https://r.example/?mailto:reports@example.org       | false"
            })
    void reportsAreReadWhereTheRecordNamesOurInboxAndNoLongerOne(String places, boolean read) {
        Judgement<String> judgement =
                new TlsReportAddress(Sites.ORG, READER).judge(List.of("v=TLSRPTv1; rua=" + places));

        assertThat(judgement.mark()).isEqualTo(Mark.RIGHT);
        assertThat(judgement.why())
                .isEqualTo(read ? "" : "reports do not go to " + READER + ", where they would be read");
    }
}
