package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bench/run` does, with few messages: it fails where one of them is refused, lost or repeated.
final class RoundsTest {
    private static final Size FEW = new Size(1, 1, 60);
    private static final List<Server> TWO = List.of(Server.POSTERN, Server.POSTFIX);

    @TempDir
    private Path folder;

    @Test
    void everyMessageIsTakenAndRelayedInEveryRow() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        measure(Work.ACCEPT, TWO);
        measure(Work.RELAY, TWO);
    }

    @Test
    void theOtherServersAreMeasuredAsWell() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl", "exim", "opensmtpd");
        Extent.onlyInFull();
        List<Server> others = Peers.obstacle("haraka").isEmpty()
                ? List.of(Server.EXIM, Server.OPENSMTPD, Server.HARAKA)
                : List.of(Server.EXIM, Server.OPENSMTPD);
        measure(Work.ACCEPT, others);
        measure(Work.RELAY, others);
    }

    @Test
    void clientsOfOurOwnAreServedInTheClearUnderTlsAndFromAfar() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        Extent.onlyInFull();
        assertThat(Latency.run(FEW, TWO, folder, _ -> {})).contains("| Postern |", "| Postfix |");
        assertThat(Secured.run(FEW, TWO, folder, _ -> {})).contains("TLS 1.3, a full handshake each");
        assertThat(Distance.run(FEW, TWO, folder, _ -> {})).contains("| 1 | Postern |", "| 5 | Postfix |");
        assertThat(IdlePrice.run(FEW, _ -> {})).contains("| 60 in the clear |", "| 60 under TLS |");
        assertThat(Profile.run(FEW, folder, _ -> {})).contains("| threads |", "| package |", "| method |");
    }

    private void measure(Work work, List<Server> servers) throws IOException, InterruptedException {
        Rounds.Outcome outcome = Rounds.run(FEW, work, servers, folder, _ -> {});
        assertThat(outcome.notes()).singleElement().asString().startsWith("CPU time by ");
        assertThat(outcome.figures()).containsOnlyKeys(work.rows());
        assertThat(outcome.figures().values()).allSatisfy(figures -> {
            assertThat(figures).containsOnlyKeys(servers);
            assertThat(figures.values())
                    .allSatisfy(each -> assertThat(each)
                            .singleElement()
                            .satisfies(one -> assertThat(one.aSecond()).isPositive()));
        });
    }
}
