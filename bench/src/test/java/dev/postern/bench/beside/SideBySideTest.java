package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bench/run authentication` does, with few messages: it fails where one of them is refused, lost or repeated.
final class SideBySideTest {
    @TempDir
    private Path folder;

    @Test
    void everyMessageIsCheckedOrSignedByBothServers() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl", "knot", "dkimpy", "opendkim", "opendmarc");
        Extent.onlyInFull();
        Map<Mode, Map<String, List<Measurement>>> results = SideBySide.run(1, 50, folder, _ -> {});
        assertThat(results).containsOnlyKeys(Mode.values());
        assertThat(results.values()).allSatisfy(servers -> assertThat(servers).hasSize(2));
        assertThat(Table.of(results)).contains("Postern : Postfix with two OpenDKIMs");
    }
}
