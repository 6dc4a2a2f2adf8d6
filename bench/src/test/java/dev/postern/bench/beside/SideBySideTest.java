package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bench/run` does, with few messages: it fails where one of them is refused, lost or repeated.
final class SideBySideTest {
    private static final Options FEW = new Options(1, 300, 20, 4096, Work.RELAY, false);

    private static final Options AUTHENTICATED = new Options(1, 50, 10, 4096, Work.AUTHENTICATION, false);

    @TempDir
    private Path folder;

    @Test
    void everyMessageGoesThroughBothServersInBothModes() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        List<String> progress = new ArrayList<>();
        Map<Mode, Map<String, List<Measurement>>> results = SideBySide.run(FEW, folder, progress::add);
        assertThat(progress).hasSize(4);
        assertThat(results).containsOnlyKeys(Work.RELAY.modes());
        assertThat(results.values()).allSatisfy(servers -> {
            assertThat(servers).containsOnlyKeys("Postern", "Postfix");
            assertThat(servers.values())
                    .allSatisfy(measurements -> assertThat(measurements)
                            .singleElement()
                            .satisfies(one -> assertThat(one.messages()).isEqualTo(FEW.messages())));
        });
        assertThat(Table.of(results)).contains("Postern : Postfix");
    }

    @Test
    void everyMessageIsCheckedOrSignedByBothServers() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl", "knot", "dkimpy", "opendkim", "opendmarc");
        Extent.onlyInFull();
        Map<Mode, Map<String, List<Measurement>>> results = SideBySide.run(AUTHENTICATED, folder, _ -> {});
        assertThat(results).containsOnlyKeys(Work.AUTHENTICATION.modes());
        assertThat(results.values()).allSatisfy(servers -> assertThat(servers).hasSize(2));
        assertThat(Table.of(results)).contains("Postern : Postfix with two OpenDKIMs");
    }
}
