package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Anything at all where a balancer's header should be.
class ProxyHeaderFuzzTest {

    /// However the octets are cut, the same is read, and never an octet behind the header.
    @FuzzTest
    void whateverComesHasADefinedMeaningAndABound(byte[] octets) {
        int length = 0;
        ProxyHeader.Reading reading = ProxyHeaderReader.read(new byte[0]);
        int asked = 0;
        while (reading instanceof ProxyHeader.Unfinished(int more) && length < octets.length) {
            assertThat(more).isPositive();
            asked = Math.max(asked, length + more);
            assertThat(asked).isLessThanOrEqualTo(ProxyHeader.MAX_OCTETS);
            length = Math.min(length + more, octets.length);
            reading = ProxyHeaderReader.read(Arrays.copyOf(octets, length));
        }
        if (reading instanceof ProxyHeader.Whole whole) {
            byte[] header = Arrays.copyOf(octets, length);
            for (int i = 0; i < length; i += 1 + length / 64) {
                assertThat(ProxyHeaderReader.read(Arrays.copyOf(header, i))).isInstanceOf(ProxyHeader.Unfinished.class);
            }
            assertThat(ProxyHeaderReader.read(header)).isEqualTo(whole);
        }
    }
}
