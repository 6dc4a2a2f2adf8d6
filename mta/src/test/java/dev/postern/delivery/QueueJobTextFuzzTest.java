package dev.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any octets as a file of jobs: they are read or refused with a sentence, and what was read is written so that it is
/// read again as the same.
class QueueJobTextFuzzTest {
    @FuzzTest
    void jobs(FuzzedDataProvider data) {
        List<QueueJob> jobs;
        try {
            jobs = QueueJobText.parse(data.consumeRemainingAsBytes());
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        assertThat(QueueJobText.parse(QueueJobText.of(jobs).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(jobs);
    }
}
