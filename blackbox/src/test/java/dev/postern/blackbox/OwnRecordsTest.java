package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Knot;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.SignedZones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `postern dns` beside a name server that has what it should have, or something else, or nothing.
final class OwnRecordsTest {
    private static final String WORLD = """
            1.0.0.127.in-addr.arpa. PTR mail.postern.test.
            """;
    private static final String HOST = "mail.postern.test. A 127.0.0.1\n";

    @TempDir
    private Path folder;

    private Path home = Path.of("postern");

    @BeforeEach
    void init() throws IOException, InterruptedException {
        Peers.require("knot");
        home = folder.resolve("postern");
        Finished init = Postern.command(folder, new byte[0], "init", "postern.test", "-d", home.toString());
        assertThat(init.exitCode()).as(init.toString()).isZero();
        Files.writeString(
                home.resolve("postern.toml"),
                "\n[mta-sts]\nmode = \"testing\"\nmax-age = \"1d\"\n",
                StandardOpenOption.APPEND);
    }

    private Finished dns(Knot knot, String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "dns",
                "--config",
                home.resolve("postern.toml").toString(),
                "--dns",
                "127.0.0.1:" + knot.port(),
                "--server-port",
                Integer.toString(knot.port())));
        words.addAll(List.of(more));
        return Postern.command(folder, new byte[0], words.toArray(String[]::new));
    }

    private Knot knot(String records) throws IOException, InterruptedException {
        return Knot.start(folder.resolve("knot"), WORLD, List.of(), Map.of("postern.test", HOST + records));
    }

    @Test
    void whatIsPrintedIsRightOnceItIsPublished() throws IOException, InterruptedException {
        try (Knot knot = knot("")) {
            Finished missing = dns(knot);
            assertThat(missing.exitCode()).as(missing.toString()).isEqualTo(1);
            assertThat(missing.output())
                    .contains(
                            "right      A/AAAA  mail.postern.test",
                            "right      PTR     1.0.0.127.in-addr.arpa",
                            "missing    MX      postern.test",
                            "publish:    postern.test.  MX    10 mail.postern.test.",
                            "missing    TXT     _mta-sts.postern.test")
                    .doesNotContain("different");
            Finished zone = dns(knot, "--zone");
            assertThat(zone.exitCode()).as(zone.toString()).isZero();
            knot.change("postern.test", HOST + zone.output());
            Finished right = dns(knot);
            assertThat(right.exitCode()).as(right.toString()).isZero();
            assertThat(right.output().lines()).hasSizeGreaterThan(8).allMatch(line -> line.startsWith("right "));

            knot.change("postern.test", HOST + zone.output().replace("p=quarantine", "p=reject") + """
                    postern.test. TXT "v=spf1 ip4:192.0.2.1 -all"
                    """);
            Finished several = dns(knot, "--json");
            assertThat(several.exitCode()).as(several.toString()).isEqualTo(1);
            assertThat(several.output())
                    .contains("\"mark\":\"several\"")
                    .containsPattern(
                            "\"name\":\"_dmarc.postern.test\",\"type\":\"TXT\",\"purpose\":\"DMARC\",\"mark\":\"right\"");
        }
    }

    /// From a zone with nothing but addresses to one with everything, the certificate's key among it, under DNSSEC.
    @Test
    void whatIsMissingIsPublishedWhereANameServerTakesIt() throws IOException, InterruptedException {
        Peers.require("knot", "unbound");
        Certificate certificate =
                Certificate.selfSigned(Files.createDirectories(home.resolve("cert")), "mail.postern.test");
        Path secret = Files.createFile(
                home.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, SignedZones.UPDATE_SECRET + "\n");
        Map<String, SignedZones.Zone> tree = new LinkedHashMap<>();
        tree.put(
                "postern.test",
                new SignedZones.Zone(SignedZones.Signing.SECURE, HOST + "postern.test. TXT \"of somebody else\"\n"));
        tree.put("127.in-addr.arpa", new SignedZones.Zone(SignedZones.Signing.INSECURE, WORLD));
        try (SignedZones zones = SignedZones.start(folder.resolve("zones"), tree)) {
            Files.writeString(
                    home.resolve("postern.toml"),
                    """

                    [tls]
                    certificate = "%s"
                    key = "%s"
                    [dns]
                    servers = ["127.0.0.1:%d"]
                    [dns.update]
                    server = "127.0.0.1:%d"
                    zones = ["postern.test"]
                    key-name = "%s"
                    key-file = "secret"
                    """.formatted(
                                    certificate.chain(),
                                    certificate.key(),
                                    zones.resolver().port(),
                                    zones.primaryPort(),
                                    SignedZones.UPDATE_KEY),
                    StandardOpenOption.APPEND);
            Finished shown = Postern.command(home, new byte[0], "dns", "--write");
            assertThat(shown.exitCode()).as(shown.toString()).isEqualTo(1);
            assertThat(shown.output())
                    .contains(
                            "\n+ postern.test.  TXT   \"v=spf1 mx -all\"\n",
                            "\n+ _25._tcp.mail.postern.test.  TLSA  3 1 1 ")
                    .endsWith("Nothing was changed; --yes does it.\n");
            Finished done = Postern.command(home, new byte[0], "dns", "--write", "--yes");
            assertThat(done.exitCode()).as(done.toString()).isZero();
            assertThat(done.output())
                    .contains("done:   TLSA _25._tcp.mail.postern.test")
                    .doesNotContain("failed");
            Finished right = Postern.command(home, new byte[0], "dns");
            assertThat(right.exitCode()).as(right.toString()).isZero();
            assertThat(right.output().lines()).hasSizeGreaterThan(9).allMatch(line -> line.startsWith("right "));
            Finished nothing = Postern.command(home, new byte[0], "dns", "--write", "--yes");
            assertThat(nothing.output()).endsWith("There is nothing that could be changed from here.\n");
        }
    }

    @Test
    void policyIsPrintedForAnotherWebServer() throws IOException, InterruptedException {
        Finished policy = Postern.command(home, new byte[0], "dns", "--sts-policy");
        assertThat(policy.exitCode()).as(policy.toString()).isZero();
        assertThat(policy.output())
                .isEqualTo("version: STSv1\r\nmode: testing\r\nmx: mail.postern.test\r\nmax_age: 86400\r\n");
    }

    @Test
    void writingWithoutAServerTellsWhatToDoByHand() throws IOException, InterruptedException {
        try (Knot knot = knot("")) {
            Finished wish = dns(knot, "--write", "--yes");
            assertThat(wish.exitCode()).as(wish.toString()).isEqualTo(1);
            assertThat(wish.output()).contains("by hand", "  + postern.test.  MX    10 mail.postern.test.");
        }
        Finished alone = Postern.command(home, new byte[0], "dns", "--yes");
        assertThat(alone.exitCode()).isEqualTo(2);
    }
}
