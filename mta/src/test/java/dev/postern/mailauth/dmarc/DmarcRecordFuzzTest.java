package dev.postern.mailauth.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any octets as a TXT record, and behind the version of one: a record is read or not, never with an exception, and
/// one that was read means the same when it is written and read again.
class DmarcRecordFuzzTest {
    @FuzzTest
    void records(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        check(text);
        check("v=DMARC1;" + text);
    }

    private static void check(String text) {
        DmarcRecord.parse(text).ifPresent(record -> {
            assertThat(record.toString()).matches("[ -~]+");
            assertThat(DmarcRecord.parse(record.toString())).contains(record);
        });
    }
}
