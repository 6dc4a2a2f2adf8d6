package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Any octets: never more than the limits, and an own field on top is found whatever stands below.
class DeliveredToFuzzTest {
    @FuzzTest
    void headers(FuzzedDataProvider data) throws IOException {
        byte[] octets = data.consumeRemainingAsBytes();
        Set<String> found = DeliveredTo.in(new ByteArrayInputStream(octets));
        assertThat(found).hasSizeLessThanOrEqualTo(DeliveredTo.MOST_FIELDS);
        byte[] ours = "Delivered-To: own@ours.example\r\nX: y\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] both = new byte[ours.length + octets.length];
        System.arraycopy(ours, 0, both, 0, ours.length);
        System.arraycopy(octets, 0, both, ours.length, octets.length);
        assertThat(DeliveredTo.in(new ByteArrayInputStream(both))).contains("own@ours.example");
    }
}
