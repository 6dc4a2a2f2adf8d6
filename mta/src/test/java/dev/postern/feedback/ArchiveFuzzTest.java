package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// Any octets as an attachment: a finding, within bounds.
class ArchiveFuzzTest {
    private static final ReportLimits LIMITS = new ReportLimits(1 << 20, 1 << 20, 10, 5, 50);

    @FuzzTest
    void archives(byte[] octets) throws IOException {
        assertThat(new Attachment(LIMITS).read(new ByteArrayInputStream(octets)))
                .isNotNull();
    }
}
