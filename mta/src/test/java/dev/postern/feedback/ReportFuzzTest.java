package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Any octets as a complaint, as a notification, and as a whole message: a finding whose sentences are plain, and what
/// a header says when it is shown.
class ReportFuzzTest {
    private static final ReportLimits LIMITS = new ReportLimits(1 << 20, 1 << 20, 10, 5, 50);
    private static final Redaction REDACTION = new Redaction(Redaction.USUAL_FIELDS, "secret");

    @FuzzTest
    void complaints(byte[] octets) throws IOException {
        check(part("message/feedback-report", octets));
    }

    @FuzzTest
    void notifications(byte[] octets) throws IOException {
        check(part("message/delivery-status", octets));
    }

    @FuzzTest
    void messages(byte[] octets) throws IOException {
        check(octets);
    }

    private static byte[] part(String type, byte[] octets) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(("Content-Type: " + type + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(octets);
        return message.toByteArray();
    }

    private static void check(byte[] message) throws IOException {
        switch (new ReportReader(LIMITS).read(new ByteArrayInputStream(message))) {
            case Finding.Aggregate(var report, var _) ->
                assertThat(report.rows()).isNotEmpty();
            case Finding.Tls(var report, var _) -> assertThat(report.policies()).isNotEmpty();
            case Finding.Abuse(var report) -> check(report.returned());
            case Finding.Delivery(var report) -> {
                assertThat(report.recipients()).isNotEmpty();
                check(report.returned());
            }
            case Finding.NoReport(var why) ->
                assertThat(why).doesNotContain("\n").isNotEmpty();
            case Finding.Broken(var why) -> assertThat(why).doesNotContain("\n").isNotEmpty();
        }
    }

    private static void check(ReturnedHeader returned) {
        returned.messageId();
        returned.received();
        returned.signers();
        String shown = new String(REDACTION.header(returned.header()), StandardCharsets.ISO_8859_1);
        assertThat(shown.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
    }
}
