package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.queue.Holds.Hold;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any octets as a file of rules that keep mail back: they are read or refused with a sentence, and what was read is
/// written so that it is read again as the same.
class HoldTextFuzzTest {
    @FuzzTest
    void holds(FuzzedDataProvider data) {
        List<Hold> holds;
        try {
            holds = HoldText.parse(data.consumeRemainingAsBytes());
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        assertThat(HoldText.parse(HoldText.of(holds).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(holds);
    }
}
