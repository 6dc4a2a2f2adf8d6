package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How sessions of `final.test` with the server of `origin.test` went is told to `origin.test`, which reads it; a crash
/// in between loses nothing that was on disk.
final class TlsReportsTest {
    private static final String RECORDS = """
            mail.final.test. A 127.0.0.1
            _dmarc.final.test. TXT "v=DMARC1; p=reject; adkim=s"
            origin.test. MX 10 mail.origin.test.
            mail.origin.test. A 127.0.0.1
            _smtp._tls.origin.test. TXT "v=TLSRPTv1; rua=mailto:joe+tls@origin.test"
            """;

    private static void relay(CheckedSite site, String subject) throws IOException {
        try (RawSmtp smtp = RawSmtp.connect(InetAddress.ofLiteral("127.0.0.30"), site.port())) {
            Site.expect(220, smtp.reply());
            Site.expect(250, smtp.command("EHLO inside.final.test"));
            Site.expect(250, smtp.command("MAIL FROM:<ann@final.test>"));
            Site.expect(250, smtp.command("RCPT TO:<joe@origin.test>"));
            Site.expect(354, smtp.command("DATA"));
            smtp.send("From: <ann@final.test>\r\nSubject: " + subject + "\r\n\r\nHello.\r\n.\r\n");
            Site.expect(250, smtp.reply());
        }
    }

    private static List<String> sendReports(CheckedSite site, Set<LocalDate> days)
            throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (LocalDate day : days) {
            lines.append(Site.output(site.postern().cli("reports", "send", "--json", "--day", day.toString())));
        }
        return lines.toString()
                .lines()
                .filter(line -> line.contains("\"sessions\""))
                .toList();
    }

    @Test
    void ownerOfADomainLearnsHowSessionsWithItsServerWent(@TempDir Path folder)
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        Peers.require("knot", "dkimpy");
        SigningKey key = SigningKey.ed25519("final.test");
        key.into(Files.createDirectories(folder.resolve("postern/dkim")));
        int ownerPort = Ports.free();
        Set<LocalDate> days = new TreeSet<>(Set.of(LocalDate.now(ZoneOffset.UTC)));
        try (CheckedSite site =
                CheckedSite.start(folder, RECORDS + key.record(), List.of(), """
                        [reports]
                        from = "tls@final.test"
                        organization = "Final Ltd"
                        [relay]
                        networks = ["127.0.0.30"]
                        [delivery]
                        private-addresses = true
                        [delivery.ports]
                        "origin.test" = "%d"
                        """.formatted(ownerPort))) {
            Path home = folder.resolve("owner");
            try (Postern owner = site.startOwner(home, ownerPort, "joe+tls@origin.test")) {
                relay(site, "one");
                Await.until(
                        Site.SOON,
                        () -> Files.isDirectory(home.resolve("mail/origin.test/joe/new"))
                                && site.postern().log().contains("mail.origin.test"),
                        () -> site.postern().log() + owner.log());
                days.add(LocalDate.now(ZoneOffset.UTC));
                List<String> sent = sendReports(site, days);
                assertThat(sent).singleElement().asString().contains("\"origin.test\"", "\"sessions\":1", "\"sent\"");
                Await.until(
                        Site.SOON,
                        () -> owner.log().contains("report-received"),
                        () -> site.postern().log() + owner.log());
                assertThat(Site.output(owner.cli("reports", "--json")))
                        .contains("\"domain\":\"origin.test\"", "\"policy\":\"no-policy-found\"", "\"successful\":1")
                        .contains("\"failed\":0", "\"reports\":1", "\"unproven\":0");
                assertThat(Site.output(owner.cli("reports")))
                        .contains("TLS to origin.test (no policy found): 1 sessions as they should be, 0 failed");

                // what was told stays told, and the session that brought the report is not told itself
                site.postern().kill9();
                assertThat(Site.output(site.postern().cli("reports", "sent"))).contains("origin.test  1 sessions: ");
                site.postern().restart();
                assertThat(sendReports(site, days)).isEmpty();
            }
        }
    }
}
