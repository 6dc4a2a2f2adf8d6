package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client says, and however much: a reply has lines of at most 512 octets in printable ASCII, which
/// {@link Recital} looks after, is short, and repeats no more than a word of what it answers.
class ReplyBoundsTest {
    private static final int LONGEST_REPLY = 1024;
    private static final int LONGEST_ECHO = 64;

    private static final List<String> COMMANDS = List.of(
            "EHLO %s",
            "HELO %s",
            "LHLO %s",
            "MAIL FROM:<%s>",
            "MAIL FROM:<%s@example.com>",
            "MAIL FROM:<a@%s.example>",
            "MAIL FROM:<\"%s\"@example.com>",
            "MAIL FROM:<@%s:a@example.com>",
            "MAIL FROM:<a@example.com> %s",
            "MAIL FROM:<a@example.com> %s=1",
            "MAIL FROM:<a@example.com> %1$s=1 %1$s=2",
            "MAIL FROM:<a@example.com> SIZE=%s",
            "MAIL FROM:<a@example.com> BODY=%s",
            "MAIL FROM:<a@example.com> RET=%s",
            "MAIL FROM:<a@example.com> ENVID=%s",
            "MAIL FROM:<a@example.com> AUTH=%s",
            "MAIL %s",
            "RCPT TO:<%s>",
            "RCPT TO:<%s@example.org>",
            "RCPT TO:<%s@example.net>",
            "RCPT TO:<alice@example.org> %s",
            "RCPT TO:<alice@example.org> NOTIFY=%s",
            "RCPT TO:<alice@example.org> ORCPT=rfc822;%s",
            "RCPT TO:<alice@example.org> ORCPT=%s;x",
            "DATA %s",
            "BDAT %s",
            "BDAT 0 %s",
            "RSET %s",
            "VRFY %s",
            "EXPN %s",
            "HELP %s",
            "NOOP %s",
            "QUIT %s",
            "STARTTLS %s",
            "AUTH %s",
            "AUTH PLAIN %s",
            "AUTH LOGIN %s",
            "AUTH SCRAM-SHA-256 %s",
            "XYZZY %s",
            "%s",
            "%s x");

    /// What the arguments are made of.
    private static final List<String> OCTETS = List.of(
            "y",
            "Y9-",
            "\u00fd",
            "\u00c3\u00a9",
            "\u0001",
            "\u001b[31m",
            "\u0085",
            "\u00c2\u0085",
            "\t",
            "%",
            "\"",
            "@",
            "<",
            "=");

    static Stream<Arguments> arguments() {
        return Stream.of(ListenerRole.MX, ListenerRole.LMTP, ListenerRole.SUBMISSIONS)
                .flatMap(role -> OCTETS.stream().map(octets -> Arguments.of(role, octets)));
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void noReplyIsLongOrRepeatsWhatItAnswers(ListenerRole role, String octets) throws IOException {
        World world = new World();
        Recital recital = new Recital(world, World.settings(role));
        String hello = role == ListenerRole.LMTP ? "LHLO c.example\r\n" : "EHLO c.example\r\n";
        List<String> states = List.of(hello, hello + "MAIL FROM:<a@example.com> SMTPUTF8\r\n");
        for (String command : COMMANDS) {
            for (int length : new int[] {300, 2000}) {
                String argument = octets.repeat(length / octets.length());
                for (String state : states) {
                    byte[] stream = (state + command.formatted(argument) + "\r\nNOOP\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1);
                    for (String reply : recital.play(stream).replies()) {
                        assertThat(reply).as(command + " " + length).hasSizeLessThanOrEqualTo(LONGEST_REPLY);
                        assertThat(echo(reply, argument))
                                .as("octets of its argument in the reply to " + command + ": " + reply)
                                .isLessThanOrEqualTo(LONGEST_ECHO);
                    }
                }
            }
        }
    }

    /// The longest beginning of an argument that is part of a reply, in whatever case.
    private static int echo(String reply, String argument) {
        String lower = reply.toLowerCase(java.util.Locale.ROOT);
        String sought = argument.substring(0, Math.min(argument.length(), LONGEST_REPLY))
                .toLowerCase(java.util.Locale.ROOT);
        return IntStream.rangeClosed(0, sought.length())
                .filter(length -> lower.contains(sought.substring(0, length)))
                .max()
                .orElseThrow();
    }

    /// A challenge of SCRAM repeats the client's nonce, and is a line that a client can read (RFC 4954 section 4).
    @Test
    void challengeIsWithinItsLimitWhateverTheNonce() throws IOException {
        Recital recital = new Recital(new World(), World.settings(ListenerRole.SUBMISSIONS));
        for (int length : new int[] {1, 100, 512, 513, 4000, 9000}) {
            String first = "n,,n=alice,r=" + "x".repeat(length);
            String initial = Base64.getEncoder().encodeToString(first.getBytes(StandardCharsets.US_ASCII));
            Recital.Said said = recital.play(("EHLO c.example\r\nAUTH SCRAM-SHA-256 " + initial + "\r\n*\r\nQUIT\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String challenge = said.codes().get(2);
            assertThat(challenge.equals("334"))
                    .as("nonce of " + length + ": " + challenge)
                    .isEqualTo(length <= 512);
        }
    }
}
