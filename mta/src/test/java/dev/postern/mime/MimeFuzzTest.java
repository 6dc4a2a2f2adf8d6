package dev.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// Any octets as a message: its parts are within bounds, and decoded they are never more than the message.
class MimeFuzzTest {
    @FuzzTest
    void messages(byte[] octets) throws IOException {
        MimeLimits limits = new MimeLimits(4, 20, 10_000);
        int[] parts = new int[1];
        long[] decoded = new long[1];
        new MimeReader(limits).read(new ByteArrayInputStream(octets), (part, content) -> {
            assertThat(part.depth()).isLessThanOrEqualTo(limits.depth());
            part.fileName();
            part.disposition();
            parts[0]++;
            decoded[0] += content.readAllBytes().length;
        });
        assertThat(parts[0]).isLessThanOrEqualTo(limits.parts() + 1);
        assertThat(decoded[0]).isLessThanOrEqualTo(octets.length);
    }
}
