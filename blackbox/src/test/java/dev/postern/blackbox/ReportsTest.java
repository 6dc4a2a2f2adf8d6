package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What `final.test` sees of mail in others' names is told to `origin.test`, which reads it; and what comes back about
/// a message is tied to it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReportsTest {
    // friend.test may have its reports sent to origin.test, liar.test may not.
    private static final String RECORDS = """
            mail.final.test. A 127.0.0.1
            _dmarc.final.test. TXT "v=DMARC1; p=reject; adkim=s"
            origin.test. A 127.0.0.1
            origin.test. TXT "v=spf1 ip4:127.0.0.10 -all"
            _dmarc.origin.test. TXT "v=DMARC1; p=reject; rua=mailto:joe+dmarc@origin.test"
            friend.test. TXT "v=spf1 ip4:127.0.0.12 -all"
            _dmarc.friend.test. TXT "v=DMARC1; p=none; rua=mailto:joe+dmarc@origin.test"
            friend.test._report._dmarc.origin.test. TXT "v=DMARC1"
            _dmarc.liar.test. TXT "v=DMARC1; p=none; rua=mailto:joe+dmarc@origin.test"
            """;
    private static final Pattern QUEUED = Pattern.compile("queued as (\\w+)");

    private CheckedSite site;
    private Postern owner;
    private final Set<LocalDate> days = new TreeSet<>();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException, NoSuchAlgorithmException {
        Peers.require("knot", "dkimpy");
        SigningKey key = SigningKey.ed25519("final.test");
        Path keys = Files.createDirectories(folder.resolve("postern/dkim"));
        key.into(keys);
        int ownerPort = Ports.free();
        site = CheckedSite.start(folder, RECORDS + key.record(), List.of(), """
                [reports]
                from = "dmarc@final.test"
                organization = "Final Ltd"
                [smarthost.owner]
                host = "127.0.0.1"
                port = %d
                tls = "opportunistic"
                recipient-domains = ["origin.test"]
                """.formatted(ownerPort));
        owner = site.startOwner(folder.resolve("owner"), ownerPort, "joe+dmarc@origin.test");
    }

    @AfterAll
    void stop() {
        if (owner != null) {
            owner.close();
        }
        if (site != null) {
            site.close();
        }
    }

    private RawSmtp.Reply bring(String client, String sender, String author) throws IOException {
        days.add(LocalDate.now(ZoneOffset.UTC));
        byte[] octets =
                ("From: <" + author + ">\r\nSubject: hello\r\n\r\nHello.\r\n").getBytes(StandardCharsets.US_ASCII);
        return site.bring(new CheckedSite.Mail(client, CheckedSite.HELO, sender, "joe", octets));
    }

    /// Sends what is due of the days on which the test ran.
    private List<String> sendReports() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        days.add(LocalDate.now(ZoneOffset.UTC));
        for (LocalDate day : days) {
            lines.append(Site.output(site.postern().cli("reports", "send", "--json", "--day", day.toString())));
        }
        return lines.toString().lines().toList();
    }

    private static String line(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).collect(Collectors.joining("\n"));
    }

    @Test
    void ownerOfADomainLearnsWhoSendsInItsName() throws IOException, InterruptedException {
        Site.expect(250, bring("127.0.0.10", "<ann@origin.test>", "ann@origin.test"));
        Site.expect(250, bring("127.0.0.10", "<bob@origin.test>", "bob@origin.test"));
        Site.expect(550, bring("127.0.0.11", "<>", "ceo@origin.test"));
        Site.expect(250, bring("127.0.0.12", "<fred@friend.test>", "fred@friend.test"));
        Site.expect(250, bring("127.0.0.13", "<>", "liar@liar.test"));

        List<String> sent = sendReports();
        assertThat(line(sent, "\"origin.test\"")).contains("\"messages\":3", "\"fate\":\"sent\"");
        assertThat(line(sent, "\"friend.test\"")).contains("\"messages\":1", "\"fate\":\"sent\"");
        assertThat(line(sent, "\"liar.test\""))
                .contains("\"fate\":\"dropped\"", "liar.test._report._dmarc.origin.test");

        Await.until(
                Site.SOON,
                () -> owner.log().split("report-received", -1).length == 3,
                () -> site.postern().log() + owner.log());
        List<String> shown = Site.output(owner.cli("reports", "--json")).lines().toList();
        assertThat(line(shown, "127.0.0.10"))
                .contains("\"messages\":2", "\"spf\":2", "\"dkim\":0", "\"failed\":0", "\"Final Ltd\"");
        assertThat(line(shown, "127.0.0.11")).contains("\"messages\":1", "\"failed\":1", "\"refused\":1");
        assertThat(line(shown, "127.0.0.12")).contains("\"messages\":1", "\"friend.test\"");
        assertThat(line(shown, "127.0.0.13")).isEmpty();
        assertThat(shown.getLast()).contains("\"reports\":2", "\"unproven\":0");
        assertThat(owner.folder().resolve("mail")).doesNotExist();
        assertThat(Site.output(owner.cli("reports", "--domain", "origin.test")))
                .contains("127.0.0.11: 1 messages from origin.test", "not known here", "1 reports of the last 30 days")
                .doesNotContain("127.0.0.12");

        // what was told stays told, whatever becomes of the server
        site.postern().kill9();
        assertThat(Site.output(site.postern().cli("reports", "sent"))).contains("origin.test  3 messages", "liar.test");
        site.postern().restart();
        assertThat(sendReports()).isEmpty();
    }

    @Test
    void reportThatComesBackIsTiedToItsMessage() throws IOException, InterruptedException {
        RawSmtp.Reply accepted = bring("127.0.0.20", "<x@elsewhere.test>", "x@elsewhere.test");
        Matcher id = QUEUED.matcher(accepted.toString());
        assertThat(id.find()).as(accepted.toString()).isTrue();
        byte[] report = """
                From: MAILER-DAEMON@mx.far.test
                To: <joe@final.test>
                Subject: failed
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b

                Sorry.
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.far.test

                Final-Recipient: rfc822; bob@far.test
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 nobody

                --b
                Content-Type: message/rfc822

                Received: from a by mail.final.test with ESMTP id %s
                 for <bob@far.test>; Mon, 1 Jun 2026 12:00:00 +0000
                From: <x@elsewhere.test>

                Hello.
                --b--
                """.formatted(id.group(1)).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        Site.expect(250, site.bring(new CheckedSite.Mail("127.0.0.21", CheckedSite.HELO, "<>", "joe", report)));
        assertThat(Site.output(site.postern().cli("explain", id.group(1))))
                .contains("feedback: delivery-report -> failed")
                .contains("mx.far.test reported for bob@far.test: failed 550 5.1.1 nobody")
                .contains("from = nobody vouches for it");
    }
}
