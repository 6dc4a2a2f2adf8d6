package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MailDateTest {
    @Test
    void aDateIsWrittenAsRfc5322Section33Says() {
        assertThat(MailDate.format(Instant.parse("2026-11-03T09:05:07Z"))).isEqualTo("Tue, 3 Nov 2026 09:05:07 +0000");
    }
}
