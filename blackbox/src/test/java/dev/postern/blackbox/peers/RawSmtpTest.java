package dev.postern.blackbox.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The raw client against servers that are known to be right.
final class RawSmtpTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    @Test
    void speaksWithPostfixBeforeAndAfterStartTls() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        try (Postfix postfix = Postfix.start(folder.resolve("p"), Postfix.Settings.receiver("postfix.test"));
                RawSmtp smtp = RawSmtp.connect(postfix.port())) {
            assertThat(smtp.reply().code()).isEqualTo(220);
            assertThat(smtp.command("EHLO me.test").texts()).contains("STARTTLS", "PIPELINING");
            assertThat(smtp.startTls().code()).isEqualTo(220);
            assertThat(smtp.command("EHLO me.test").texts())
                    .contains("PIPELINING")
                    .doesNotContain("STARTTLS");
            smtp.send("MAIL FROM:<a@b.test>\r\nRCPT TO:<joe@postfix.test>\r\nDATA\r\n");
            assertThat(List.of(
                            smtp.reply().code(),
                            smtp.reply().code(),
                            smtp.reply().code()))
                    .containsExactly(250, 250, 354);
            smtp.send("Subject: raw\r\n\r\n..dot\r\n.\r\n");
            assertThat(smtp.reply().toString()).startsWith("250 2.0.0 Ok");
            assertThat(smtp.command("QUIT").code()).isEqualTo(221);
            assertThat(smtp.ended()).isTrue();
            byte[] message =
                    postfix.inbox().awaitMessages(1, SOON, postfix::log).getFirst();
            assertThat(new String(message, StandardCharsets.UTF_8))
                    .contains("Subject: raw\n")
                    .endsWith("\n\n.dot\n");
        }
    }

    @Test
    void speaksWithDovecotOverItsUnixSocket() throws IOException, InterruptedException {
        Peers.require("dovecot", "openssl");
        try (Dovecot dovecot = Dovecot.start(folder.resolve("d"), "joe");
                RawSmtp lmtp = RawSmtp.connect(dovecot.lmtpSocket())) {
            assertThat(lmtp.reply().code()).isEqualTo(220);
            assertThat(lmtp.command("LHLO me.test").texts()).contains("PIPELINING", "CHUNKING");
            assertThat(lmtp.command("MAIL FROM:<>").code()).isEqualTo(250);
            assertThat(lmtp.command("RCPT TO:<joe@dovecot.test>").code()).isEqualTo(250);
            assertThat(lmtp.command("RCPT TO:<jack@dovecot.test>").code()).isEqualTo(550);
            assertThat(lmtp.command("BDAT 12 LAST\r\nSubject: x\r").toString()).startsWith("250 2.0.0 <joe@dovecot");
            assertThat(dovecot.inbox("joe").awaitMessages(1, SOON, dovecot::log))
                    .hasSize(1);
        }
    }
}
