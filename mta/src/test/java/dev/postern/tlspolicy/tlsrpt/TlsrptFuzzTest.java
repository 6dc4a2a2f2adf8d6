package dev.postern.tlspolicy.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/// Any text: it is no record, or the places that it names can be written into a record that names the same.
class TlsrptFuzzTest {
    @FuzzTest
    void records(byte[] data) {
        Optional<TlsrptRecord> record = TlsrptRecord.parse(new String(data, StandardCharsets.ISO_8859_1));
        if (record.isEmpty()) {
            return;
        }
        assertThat(record.get().places()).hasSizeLessThanOrEqualTo(TlsrptRecord.MOST);
        for (ReportPlace place : record.get().places()) {
            switch (place) {
                case ReportPlace.Inbox(var mailbox) ->
                    assertThat(mailbox.toString().chars()).allMatch(c -> c >= ' ' && c != 127);
                case ReportPlace.Web(var address) -> {
                    assertThat(address.getScheme()).isEqualToIgnoringCase("https");
                    assertThat(address.getHost()).isNotEmpty();
                    assertThat(ReportPlace.parse(address.toString())).contains(place);
                }
            }
        }
        String web = record.get().places().stream()
                .filter(ReportPlace.Web.class::isInstance)
                .map(Object::toString)
                .filter(uri -> uri.indexOf(',') < 0 && uri.indexOf(';') < 0)
                .collect(Collectors.joining(" , "));
        if (!web.isEmpty()) {
            assertThat(TlsrptRecord.parse("v=TLSRPTv1; rua=" + web)
                            .orElseThrow()
                            .places())
                    .hasToString("[" + web.replace(" , ", ", ") + "]");
        }
    }
}
