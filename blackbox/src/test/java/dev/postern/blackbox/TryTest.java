package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a newcomer sees first.
class TryTest {
    @Test
    void messageBounceAndForwardArriveAsTheyShould(@TempDir Path folder) throws IOException, InterruptedException {
        Finished shown = Postern.command(folder, new byte[0], "try", "--once");
        assertThat(shown.exitCode()).as(shown.toString()).isZero();
        assertThat(shown.output())
                .contains("in the inbox of bob@example.net, octet for octet")
                .contains("mx.example.net says of the sender: iprev=pass spf=pass dkim=pass arc=none dmarc=pass")
                .contains("refused for nobody@example.net with 5.1.1")
                .contains("written by maildir for alice@example.org")
                .contains("in the inbox of carol@example.net, octet for octet")
                .endsWith("All three arrived as they should.\n");
        assertThat(shown.errors()).isEmpty();
    }
}
