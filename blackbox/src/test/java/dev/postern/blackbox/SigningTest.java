package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Knot;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What our users send is signed with both keys of their domain, so that a foreign program believes
/// it; nothing else is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SigningTest {
    private RecordingSink elsewhere;
    private Knot knot;
    private Postern postern;
    private Dkimpy dkimpy;
    private int mx;
    private int submission;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException, NoSuchAlgorithmException {
        Peers.require("knot", "dkimpy");
        List<SigningKey> keys = List.of(
                SigningKey.rsa("postern.test"), SigningKey.ed25519("postern.test"), SigningKey.ed25519("second.test"));
        StringBuilder zone = new StringBuilder();
        Path home = folder.resolve("postern");
        for (SigningKey key : keys) {
            zone.append(key.record());
            key.into(home.resolve("dkim"));
        }
        knot = Knot.start(folder.resolve("knot"), zone.toString(), List.of());
        dkimpy = Dkimpy.at(folder.resolve("dkimpy"), knot.port());
        elsewhere = RecordingSink.start("PIPELINING", "8BITMIME", "SMTPUTF8");
        mx = Ports.free();
        submission = Ports.free();
        Site.accounts(home, "joe@postern.test", "ann@second.test");
        Files.writeString(home.resolve("aliases"), "onward: joe@elsewhere.test\n");
        postern = Postern.start(home, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        submission = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test", "second.test"]
                        postmaster = "joe@postern.test"
                        [dns]
                        servers = ["127.0.0.1:%d"]
                        [smarthost.elsewhere]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        """.formatted(mx, submission, knot.port(), elsewhere.port()), mx, submission);
    }

    @AfterAll
    void stop() throws IOException {
        if (postern != null) {
            postern.close();
        }
        if (elsewhere != null) {
            elsewhere.close();
        }
        if (knot != null) {
            knot.close();
        }
    }

    private byte[] sent(String user, String author, String to, String more) throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.loggedIn(submission, user)) {
            Site.expect(250, Site.transfer(smtp, message(author, to, more), user, to));
        }
        return elsewhere.awaitMessageTo(to, Site.SOON).content();
    }

    private static byte[] message(String author, String to, String more) {
        return """
                From: Joe  Doe <%s>
                To: <%s>
                Subject: signed
                  and  folded
                %s
                A line.\s

                .
                And the last.


                """.formatted(author, to, more).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private List<String> verified(byte[] message) throws IOException, InterruptedException {
        return dkimpy.verify(List.of(message)).getFirst();
    }

    @Test
    void mailOfAUserIsSignedByBothKeysOfTheDomain() throws IOException, InterruptedException {
        byte[] message = sent("joe@postern.test", "joe@postern.test", "a@elsewhere.test", "Reply-To: <x@y.test>\n");
        assertThat(verified(message))
                .containsExactlyInAnyOrder("pass postern.test rsa-sha256", "pass postern.test ed25519-sha256");
        String text = new String(message, StandardCharsets.UTF_8);
        List<byte[]> forged = Stream.of(
                        text.replace("A line.", "Another line."),
                        text.replace("Subject: signed", "Subject: forged"),
                        text.replace("<x@y.test>", "<evil@y.test>"),
                        "Subject: second\r\n" + text,
                        "From: <evil@y.test>\r\n" + text,
                        "Reply-To: <evil@y.test>\r\n" + text,
                        "Cc: <evil@y.test>\r\n" + text)
                .map(one -> one.getBytes(StandardCharsets.UTF_8))
                .toList();
        assertThat(dkimpy.verify(forged))
                .hasSameSizeAs(forged)
                .allSatisfy(results ->
                        assertThat(results).hasSize(2).allMatch(result -> result.startsWith("fail postern.test ")));
    }

    @Test
    void domainWithOneKeySignsWithThat() throws IOException, InterruptedException {
        byte[] message = sent("ann@second.test", "ann@second.test", "b@elsewhere.test", "");
        assertThat(verified(message)).containsExactly("pass second.test ed25519-sha256");
    }

    @Test
    void utf8InTheHeaderIsSigned() throws IOException, InterruptedException {
        String to = "c@elsewhere.test";
        try (RawSmtp smtp = Site.loggedIn(submission, "joe@postern.test")) {
            Site.expect(250, smtp.command("MAIL FROM:<joe@postern.test> BODY=8BITMIME SMTPUTF8"));
            Site.expect(250, smtp.command("RCPT TO:<" + to + ">"));
            Site.expect(354, smtp.command("DATA"));
            smtp.send(Octets.stuffed(message("joe@postern.test", to, "Comments: \u00fcber\u20ac\n")));
            Site.expect(250, smtp.command("."));
        }
        assertThat(verified(elsewhere.awaitMessageTo(to, Site.SOON).content()))
                .hasSize(2)
                .allMatch(result -> result.startsWith("pass postern.test "));
    }

    @Test
    void messageIsNotSignedInTheNameOfAnAuthorThatIsNotTheUsers() throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.loggedIn(submission, "joe@postern.test")) {
            String to = "d@elsewhere.test";
            RawSmtp.Reply reply = Site.transfer(smtp, message("ann@second.test", to, ""), "joe@postern.test", to);
            Site.expect(250, reply);
            byte[] arrived = elsewhere.awaitMessageTo(to, Site.SOON).content();
            assertThat(new String(arrived, StandardCharsets.UTF_8)).doesNotContain("DKIM-Signature");
        }
    }

    @Test
    void messageThatPassesThroughIsNotSigned() throws IOException, InterruptedException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            byte[] message = message("joe@postern.test", "onward@postern.test", "");
            Site.expect(250, Site.transfer(smtp, message, "somebody@else.test", "onward@postern.test"));
        }
        byte[] arrived =
                elsewhere.awaitMessageTo("joe@elsewhere.test", Site.SOON).content();
        assertThat(new String(arrived, StandardCharsets.UTF_8)).doesNotContain("DKIM-Signature");
    }
}
