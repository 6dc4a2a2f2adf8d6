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

    /// Levels do not depend on how the octets are cut, and what is too deep for a limit is too deep for a
    /// lower one.
    @FuzzTest
    void levels(byte[] octets) {
        for (int limit = 1; limit <= 4; limit++) {
            NestingScanner whole = new NestingScanner(limit);
            whole.scan(octets, 0, octets.length);
            NestingScanner pieces = new NestingScanner(limit);
            for (int i = 0; i < octets.length; i++) {
                pieces.scan(octets, i, 1);
            }
            assertThat(pieces.tooDeep()).isEqualTo(whole.tooDeep());
            NestingScanner roomier = new NestingScanner(limit + 1);
            roomier.scan(octets, 0, octets.length);
            assertThat(!roomier.tooDeep() || whole.tooDeep()).isTrue();
        }
    }
}
