package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryConnectionTest {
    private static final Deadline SOON = Deadline.after(Duration.ofSeconds(20));
    private static final byte[] OCTETS = Octets.of("QUIT\r\n");

    @Test
    void writingToAnEndThatHasGoneFailsAsOnASocket() throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        pair.server().write(Octets.of("421 good bye\r\n"), 0, 14, SOON);
        pair.server().flush(SOON);
        pair.server().close();

        assertThatThrownBy(() -> {
                    pair.client().write(OCTETS, 0, OCTETS.length, SOON);
                    pair.client().flush(SOON);
                })
                .isInstanceOf(SocketException.class)
                .hasMessage("the peer closed the connection");
        assertThat(pair.client().readLine(100, SOON).latin1())
                .as("what it had said is still to be read")
                .isEqualTo("421 good bye");
    }

    @Test
    void writingToTheOwnEndAfterItsCloseFailsAsOnASocket() throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        pair.client().close();

        assertThatThrownBy(() -> {
                    pair.client().write(OCTETS, 0, OCTETS.length, SOON);
                    pair.client().flush(SOON);
                })
                .isInstanceOf(SocketException.class)
                .hasMessage("this end is closed");
    }
}
