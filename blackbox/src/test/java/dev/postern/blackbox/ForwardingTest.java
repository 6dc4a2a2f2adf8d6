package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Ann of `origin.test`, where a server of the tests' own takes what comes back, writes to `forward.test`, a Postern
/// that leads her mail to `final.test`, another Postern, which leads some of it on to a third place.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ForwardingTest {
    private static final Pattern RETURN_PATH = Pattern.compile("^Return-Path: <(SRS0=[^>]+@forward\\.test)>\n");

    private RecordingSink origin;
    private RecordingSink beyond;
    private Postern forwarder;
    private Postern receiver;
    private int forwarderPort;
    private int receiverPort;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        origin = RecordingSink.start("PIPELINING", "8BITMIME");
        beyond = RecordingSink.start("PIPELINING", "8BITMIME");
        forwarderPort = Ports.free();
        receiverPort = Ports.free();
        Path receiving = folder.resolve("receiver");
        Site.accounts(receiving, "joe@final.test");
        Files.writeString(receiving.resolve("aliases"), "onward: joe@beyond.test\n");
        receiver = Postern.start(receiving, """
                        hostname = "mail.final.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["final.test"]
                        postmaster = "joe@final.test"
                        [relay.domains]
                        "beyond.test" = "127.0.0.1:%d"
                        [smarthost.forwarder]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        """.formatted(receiverPort, beyond.port(), forwarderPort), receiverPort);
        Path forwarding = folder.resolve("forwarder");
        Site.accounts(forwarding, "boss@forward.test");
        Files.writeString(forwarding.resolve("aliases"), """
                        joe: joe@final.test
                        twice: boss, onward@final.test
                        gone: nobody@final.test
                        """);
        forwarder = Postern.start(forwarding, """
                        hostname = "mail.forward.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["forward.test"]
                        postmaster = "boss@forward.test"
                        [smarthost.receiver]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        recipient-domains = ["final.test"]
                        [smarthost.origin]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        recipient-domains = ["origin.test"]
                        """.formatted(forwarderPort, receiverPort, origin.port()), forwarderPort);
    }

    @AfterAll
    void stop() throws IOException {
        if (forwarder != null) {
            forwarder.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        origin.close();
        beyond.close();
    }

    private void send(String from, String to) throws IOException {
        try (RawSmtp smtp = Site.greeted(forwarderPort)) {
            Site.expect(250, Site.transfer(smtp, Site.message("from " + from), from, to));
        }
    }

    private static void bounce(int port, String to) throws IOException {
        try (RawSmtp smtp = Site.greeted(port)) {
            Site.expect(250, Site.transfer(smtp, Site.message("a bounce"), "", to));
        }
    }

    /// The octets of the message from somebody that arrived in an inbox.
    private String arrived(Postern server, String inbox, String from) throws IOException, InterruptedException {
        Maildir maildir = new Maildir(server.folder().resolve("mail").resolve(inbox));
        String subject = "\nSubject: from " + from + "\n";
        Await.until(
                SOON,
                () -> messages(maildir).anyMatch(text -> text.contains(subject)),
                () -> forwarder.log() + receiver.log());
        return messages(maildir)
                .filter(text -> text.contains(subject))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> messages(Maildir maildir) throws IOException {
        return maildir.messages().stream().map(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    private static String returnPath(String message) {
        Matcher path = RETURN_PATH.matcher(message);
        assertThat(path.find())
                .as("a return path of the forwarder in %s", message)
                .isTrue();
        return path.group(1);
    }

    @Test
    void forwardComesFromAReturnAddressAndABounceFindsBack() throws IOException, InterruptedException {
        send("ann@origin.test", "joe@forward.test");
        String address = returnPath(arrived(receiver, "final.test/joe", "ann@origin.test"));
        assertThat(address).matches("SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=origin\\.test=ann@forward\\.test");

        // a host on the way may have made it small
        bounce(forwarderPort, address.toLowerCase(Locale.ROOT));

        RecordingSink.Taken bounce = origin.awaitMessageTo("ann@origin.test", SOON);
        assertThat(bounce.mail()).startsWith("FROM:<>");
        assertThat(new String(bounce.content(), StandardCharsets.UTF_8)).contains("Subject: a bounce");
    }

    @Test
    void ourOwnReportGoesToTheSenderAndNotToTheReturnAddress() throws IOException, InterruptedException {
        send("bob@origin.test", "gone@forward.test");
        RecordingSink.Taken report = origin.awaitMessageTo("bob@origin.test", SOON);
        assertThat(report.mail()).startsWith("FROM:<>");
        assertThat(new String(report.content(), StandardCharsets.UTF_8))
                .contains("Final-Recipient: rfc822;gone@forward.test", "Subject: from bob@origin.test")
                .doesNotContain("nobody@final.test");
    }

    @Test
    void chainOfForwardersLeadsBackThroughTheFirst() throws IOException, InterruptedException {
        send("cat@origin.test", "twice@forward.test");
        assertThat(arrived(forwarder, "forward.test/boss", "cat@origin.test"))
                .as("what stays at home keeps its sender")
                .startsWith("Return-Path: <cat@origin.test>\n");
        String mail = beyond.awaitMessageTo("joe@beyond.test", SOON).mail();
        assertThat(mail)
                .matches("FROM:<SRS1=[A-Z2-7]{6}=forward\\.test==[A-Z2-7]{6}=..=origin\\.test=cat@final\\.test>.*");

        bounce(receiverPort, mail.substring("FROM:<".length(), mail.indexOf('>')));

        assertThat(origin.awaitMessageTo("cat@origin.test", SOON).mail()).startsWith("FROM:<>");
    }

    @Test
    void forgedReturnAddressIsRefused() throws IOException, InterruptedException {
        send("dan@origin.test", "joe@forward.test");
        String address = returnPath(arrived(receiver, "final.test/joe", "dan@origin.test"));
        try (RawSmtp smtp = Site.greeted(forwarderPort)) {
            Site.expect(250, smtp.command("MAIL FROM:<>"));
            for (String forged : List.of(
                    address.replace("=dan@", "=victim@"),
                    address.replace("=origin.test=", "=elsewhere.test="),
                    address.replaceFirst("=", "=A"),
                    "SRS1=AAAAAA=elsewhere.test==AAAAAA=AA=x.test=victim@forward.test")) {
                RawSmtp.Reply reply = smtp.command("RCPT TO:<" + forged + ">");
                assertThat(reply.toString()).contains("550", "5.7.1", "was not made by this server");
            }
            Site.expect(250, smtp.command("RCPT TO:<" + address + ">"));
        }
        try (RawSmtp smtp = Site.greeted(forwarderPort)) {
            Site.expect(250, smtp.command("MAIL FROM:<spam@elsewhere.test>"));
            RawSmtp.Reply reply = smtp.command("RCPT TO:<" + address + ">");
            assertThat(reply.toString()).contains("550", "5.7.1", "reports only");
            Matcher id = Pattern.compile("\\(id (\\w+)\\)").matcher(reply.toString());
            assertThat(id.find()).isTrue();
            Site.expect(221, smtp.command("QUIT"));
            Await.until(
                    SOON,
                    () -> forwarder.cli("explain", id.group(1)).output().contains("srs"),
                    () -> "an explanation of " + id.group(1));
            assertThat(forwarder.cli("explain", id.group(1)).output()).contains("a return address takes reports only");
        }
    }

    @Test
    void secretIsMadeAtTheFirstStartForTheOwnersEyesOnly() throws IOException {
        Path secret = forwarder.folder().resolve("data/srs.secret");
        assertThat(secret).content().matches("\\S{43}\n");
        assertThat(Files.getPosixFilePermissions(secret)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
