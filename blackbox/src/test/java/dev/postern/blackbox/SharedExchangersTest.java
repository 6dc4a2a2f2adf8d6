package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import dev.postern.blackbox.peers.SignedZones;
import dev.postern.blackbox.peers.SignedZones.Signing;
import dev.postern.blackbox.peers.SignedZones.Zone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail for many domains that have the same exchangers: it waits in one lane, and goes through as many
/// connections as that lane may have, where what the domains demand permits.
final class SharedExchangersTest {
    private static final int SMTP = 25;
    private static final int DOMAINS = 40;
    private static final int LIMIT = 3;

    @TempDir
    private Path folder;

    private String sender(int port, SignedZones zones, String more) {
        return """
                hostname = "mail.near.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["near.test"]
                recipients = "any"
                postmaster = "ann@near.test"
                [relay]
                networks = ["127.0.0.0/8"]
                [dns]
                servers = ["127.0.0.1:%d"]
                [delivery]
                private-addresses = true
                first-wait = "1h"
                """.formatted(port, zones.resolver().port()) + more;
    }

    @Test
    void manyDomainsOfOneExchangerStayWithinTheLimitOfOneLaneAndShareSessions()
            throws IOException, InterruptedException {
        Peers.require("knot", "unbound");
        int port = Ports.free();
        String records = IntStream.range(0, DOMAINS)
                .mapToObj(i -> "d" + i + ".many.test. MX " + (i + 1) + " mx.many.test.\n")
                .collect(Collectors.joining());
        try (RecordingSink sink = RecordingSink.start("PIPELINING");
                SignedZones zones = SignedZones.start(
                        folder.resolve("zones"),
                        Map.of("many.test", new Zone(Signing.INSECURE, records + "mx.many.test. A 127.0.0.1\n")));
                Postern postern = Postern.start(
                        folder.resolve("near"),
                        sender(
                                port,
                                zones,
                                "concurrency = %d\n[delivery.ports]\n\"*.many.test\" = \"%d\"\n"
                                        .formatted(LIMIT, sink.port())),
                        port);
                RawSmtp smtp = Site.greeted(port)) {
            // One message for all of them, as of a mailing, then one for each.
            String[] all = IntStream.range(0, DOMAINS)
                    .mapToObj(i -> "joe@d" + i + ".many.test")
                    .toArray(String[]::new);
            Site.expect(250, Site.transfer(smtp, Site.message("to all"), "me@near.test", all));
            for (String one : all) {
                Site.expect(250, Site.transfer(smtp, Site.message("to one"), "me@near.test", one));
            }
            sink.awaitMessages(2 * DOMAINS, Site.SOON);

            assertThat(sink.complaints()).isEmpty();
            assertThat(sink.mostAtOnce()).as(postern::log).isLessThanOrEqualTo(LIMIT);
            assertThat(sink.connections())
                    .as("most go through a session of another domain")
                    .isLessThan(DOMAINS / 2);
            String lane = "site:mx.many.test:" + sink.port();
            Await.until(Site.SOON, () -> lines(postern, " delivered ").count() == 2 * DOMAINS, postern::log);
            assertThat(lines(postern, " delivered ")).allMatch(line -> line.contains(" lane=" + lane + " "));
            assertThat(lines(postern, " session-reused "))
                    .isNotEmpty()
                    .allMatch(line -> line.contains(" lane=" + lane + " host=mx.many.test opened-for=mx:d"));
        }
    }

    private static Stream<String> lines(Postern postern, String word) {
        return postern.log().lines().filter(line -> line.contains(word));
    }

    @Test
    void aDomainOfDaneSharesWithOneThatDemandsNothingWhatIsProvenForItAndNothingElse()
            throws IOException, InterruptedException {
        Peers.require("knot", "unbound", "openssl");
        String address = Ports.freeAddress(SMTP);
        Path far = Files.createDirectories(folder.resolve("far"));
        Certificate certificate = Certificate.byAuthority(far, "mail.far.test");
        Map<String, Zone> tree = new LinkedHashMap<>();
        tree.put("far.test", new Zone(Signing.SECURE, """
                mail.far.test. A %s
                other.far.test. A %s
                _25._tcp.mail.far.test. TLSA 3 1 1 %s
                _25._tcp.other.far.test. TLSA 3 1 1 %s
                dane.far.test. MX 10 mail.far.test.
                wrong.far.test. MX 10 other.far.test.
                """.formatted(
                        address, address, certificate.keyDigest(), "ab".repeat(32))));
        tree.put("plain.test", new Zone(Signing.INSECURE, """
                plain.test. MX 10 mail.far.test.
                named.plain.test. MX 10 mail.far.test.
                other.plain.test. MX 10 other.far.test.
                """));
        int here = Ports.free();
        int there = Ports.free();
        List<String> domains =
                List.of("plain.test", "dane.far.test", "named.plain.test", "other.plain.test", "wrong.far.test");
        try (SignedZones zones = SignedZones.start(folder.resolve("zones"), tree);
                Postern receiver = Postern.start(
                        far, """
                        hostname = "mail.far.test"
                        [listen]
                        mx = ["127.0.0.1:%d", "%s:25"]
                        [domains]
                        local = ["plain.test", "dane.far.test", "named.plain.test", "other.plain.test", "wrong.far.test"]
                        recipients = "any"
                        postmaster = "joe@plain.test"
                        [tls]
                        certificate = "chain.pem"
                        key = "key.pem"
                        [dns]
                        servers = ["127.0.0.1:%d"]
                        """.formatted(there, address, zones.resolver().port()), there);
                Postern postern = Postern.start(folder.resolve("near"), sender(here, zones, """
                        concurrency = 1
                        [destinations."named.plain.test"]
                        tls = "secure"
                        """), here);
                RawSmtp smtp = Site.greeted(here)) {
            for (String domain : domains) {
                Site.expect(250, Site.transfer(smtp, Site.message("to " + domain), "me@near.test", "joe@" + domain));
                Await.until(Site.SOON, () -> told(postern, domain).count() == 1, () -> postern.log() + receiver.log());
            }

            assertThat(told(postern, "plain.test"))
                    .allMatch(line -> line.contains(" delivered ") && line.contains(" lane=site:mail.far.test "));
            assertThat(told(postern, "dane.far.test"))
                    .allMatch(line -> line.contains(" delivered ")
                            && line.contains(" lane=site:mail.far.test ")
                            && line.contains(" tls-demand=\"dane 3 1 1 at mail.far.test\" ")
                            && line.contains(" proof=\"proven dane-ee 3 1 1\""));
            assertThat(told(postern, "named.plain.test"))
                    .as("what is demanded of it alone is proven by nothing")
                    .allMatch(line -> line.contains(" deferred "));
            assertThat(told(postern, "other.plain.test")).allMatch(line -> line.contains(" delivered "));
            assertThat(told(postern, "wrong.far.test"))
                    .as("no session of a domain that demands nothing will do")
                    .allMatch(line -> line.contains(" deferred ") && line.contains("no-tlsa-match"));
            assertThat(lines(postern, " session-reused ").map(SharedExchangersTest::usedFor))
                    .containsExactly("mx:dane.far.test");
            assertThat(new TreeSet<>(lines(postern, " lane-rests ").toList())).isEmpty();
        }
    }

    private static String usedFor(String line) {
        return line.replaceFirst(".* used-for=(\\S+).*", "$1");
    }

    /// What was told of the first attempt with mail for a domain.
    private static Stream<String> told(Postern postern, String domain) {
        return lines(postern, " to=joe@" + domain + " ")
                .filter(line -> line.contains(" delivered ") || line.contains(" deferred "));
    }
}
