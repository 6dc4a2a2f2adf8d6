package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The load and the sink with each other: what a test of the server finds wrong is not theirs.
final class LedgerSinkTest {
    private static final int SESSIONS = 4;
    private static final int LETTERS = 1_000;
    private static final Duration BOUND = Duration.ofMinutes(1);

    /// Letters of all sizes from none on, for one recipient or two.
    private record Steps() implements Mixture {
        @Override
        public Letter letter(long number) {
            return new Letter(number, (int) (number % 200) * 40);
        }

        @Override
        public List<String> recipients(long number) {
            return number % 3 == 0 ? List.of("joe@away.test", "jane@away.test") : List.of("joe@away.test");
        }
    }

    @Test
    void everyLetterOfALoadArrivesWholeAndEachPutOffIsARefusal() throws IOException, InterruptedException {
        Ledger ledger = new Ledger();
        Gate gate = new Gate();
        int port = Ports.free();
        try (LedgerSink sink = LedgerSink.start(port, ledger)) {
            Load load = Load.start(SESSIONS, port, gate, ledger, new Steps());
            gate.open();
            assertThat(ledger.awaitPromises(LETTERS, BOUND.toNanos())).isTrue();
            gate.end();
            load.join();
            sink.awaitQuiet();
        }
        Balance balance = ledger.balance();
        assertThat(balance.faults()).isEmpty();
        assertThat(balance.lost()).isEmpty();
        assertThat(balance.count().arrivals()).isEqualTo(balance.count().promised());
        assertThat(balance.refusals().keySet()).containsExactly("451 4.3.0");
    }

    @Test
    void aSessionThatIsLostWithoutAKillIsAFault() throws IOException, InterruptedException {
        Ledger ledger = new Ledger();
        Gate gate = new Gate();
        int port = Ports.free();
        LedgerSink sink = LedgerSink.start(port, ledger);
        Load load = Load.start(1, port, gate, ledger, new Steps());
        gate.open();
        assertThat(ledger.awaitPromises(10, BOUND.toNanos())).isTrue();
        sink.close();
        gate.end();
        load.join();
        assertThat(ledger.balance().faults()).hasSize(1).first().asString().contains("lost without a kill");
    }
}
