package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/// Any octets as JSON: a report that was read is written and read again, and is the same.
class TlsFuzzTest {
    private static final ReportLimits LIMITS = new ReportLimits(1 << 20, 1 << 20, 10, 5, 50);

    @FuzzTest
    void documents(byte[] octets) throws IOException {
        if (TlsJson.read(new ByteArrayInputStream(octets), LIMITS) instanceof Finding.Tls(var report, var _)) {
            assertThat(TlsJson.read(new ByteArrayInputStream(TlsJson.write(report)), ReportLimits.DEFAULT))
                    .isEqualTo(new Finding.Tls(report, List.of()));
        }
    }
}
