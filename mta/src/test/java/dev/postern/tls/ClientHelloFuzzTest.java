package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any octets as the beginning of a connection: what is whole is so also with more behind it, and no part of it
/// is; what is something else does not become a ClientHello by more octets.
class ClientHelloFuzzTest {
    @FuzzTest
    void hello(FuzzedDataProvider data) {
        byte[] octets = data.consumeRemainingAsBytes();
        ClientHello.Reading all = ClientHello.read(octets, octets.length);
        for (int length = 0; length < octets.length; length += 1 + octets.length / 64) {
            ClientHello.Reading part = ClientHello.read(octets, length);
            if (!(part instanceof ClientHello.Reading.Unfinished)) {
                assertThat(all).isInstanceOfAny(part.getClass(), ClientHello.Reading.Other.class);
            }
        }
    }
}
