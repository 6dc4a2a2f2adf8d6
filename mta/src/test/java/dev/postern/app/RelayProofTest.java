package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import dev.postern.event.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayProofTest {
    @TempDir
    private Path folder;

    private Config config(String relay) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.toml"), """
                hostname = "mail.example.org"
                [listen]
                mx = ["127.0.0.1:2525"]
                [domains]
                local = ["example.org"]
                recipients = "any"
                postmaster = "joe@example.org"
                """ + relay);
        return switch (ConfigReader.read(file, _ -> null)) {
            case ConfigReader.Result.Good good -> good.config();
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
    }

    @Test
    void strangersGetNothing() throws IOException {
        RelayProof proof = RelayProof.of(config(""));
        assertThat(proof.granted()).isEmpty();
        assertThat(proof.asked()).isEqualTo(13 * (3 + 8));
    }

    @Test
    void serversThatSpeakForOthersAreStrangersThemselves() throws IOException {
        RelayProof proof = RelayProof.of(config("""
                [relay]
                networks = ["127.0.0.0/8"]
                [front]
                balancers = ["127.0.0.1"]
                xclient = ["10.11.12.13"]
                xforward = ["10.11.12.13"]
                xclient-login = true
                """));
        assertThat(proof.granted()).isEmpty();
        assertThat(proof.asked()).isEqualTo(13 * (3 + 8));
    }

    @Test
    void returnAddressesAreAskedForOnlyWhereTheyAreUsed() throws IOException {
        RelayProof proof = RelayProof.of(config("[forwarding]\nsrs = false\n"));
        assertThat(proof.granted()).isEmpty();
        assertThat(proof.asked()).isEqualTo(13 * 3);
    }

    @Test
    void signedReturnPathsOpenNothing() throws IOException {
        assertThat(RelayProof.of(config("[bounces]\nsigned = true\n")).granted())
                .isEmpty();
    }

    @Test
    void hostsOfListedNetworksAreNoStrangersAndRelayedDomainsHideNobody() throws IOException {
        RelayProof proof = RelayProof.of(config("""
                [relay]
                networks = ["10.0.0.0/8"]
                [relay.domains]
                "next.example" = "127.0.0.1:26"
                "*.next.example" = "127.0.0.1:26"
                """));
        assertThat(proof.granted()).isEmpty();
        assertThat(proof.asked()).isEqualTo(12 * (3 + 2 * 3 + 8));
    }

    @Test
    void whatAWrongRelayDomainOpensIsFound() throws IOException {
        RelayProof proof = RelayProof.of(config("""
                [relay.domains]
                "*.invalid" = "127.0.0.1:26"
                """));
        assertThat(proof.granted()).contains("192.0.2.25 -> someone@relay.invalid");
    }

    @Test
    void openRelayIsNotStarted() throws IOException {
        Config open = config("""
                [relay.domains]
                "*.invalid" = "127.0.0.1:26"
                """);
        assertThatThrownBy(() -> Mta.start(open, Events.none()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("open relay")
                .hasMessageContaining("192.0.2.25 -> someone@relay.invalid");
        assertThat(folder.resolve("data")).doesNotExist();
    }
}
