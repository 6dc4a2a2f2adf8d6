package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One reply for one command, always: random sequences of commands, all sent at once and cut at random places, against
/// a model that knows nothing of replies but how many there are.
class ReplyCountTest {
    private static final int SEQUENCES = 3000;
    private static final int MOST_COMMANDS = 25;
    private static final long SEED = 20_261_124;

    /// Lines that have one reply each, whatever the state.
    private static final List<String> LINES = List.of(
            "NOOP",
            "noop x",
            "RSET",
            "RSET x",
            "HELP",
            "VRFY alice",
            "EXPN team",
            "XYZZY",
            "",
            " ",
            "DATA x",
            "MAIL",
            "MAIL FROM:",
            "MAIL FROM:<a@b",
            "RCPT TO",
            "\0",
            "\u00ff",
            "NO\rOP",
            "BDAT",
            "STARTTLS x",
            "AUTH",
            "AUTH PLAIN =",
            "NOOP " + "x".repeat(600),
            "NOOP " + "x".repeat(3000),
            "MAIL FROM:<a@b.example> BODY",
            "RCPT TO:<x@example.net>",
            "RCPT TO:<nobody@example.org>",
            "MAIL FROM:<mail-refuse@example.com>");

    private static final List<String> SENDERS = List.of(
            "MAIL FROM:<ann@example.com>", "MAIL FROM:<>", "mail from:<ann@example.com> SIZE=100 BODY=8BITMIME");
    private static final List<String> RECIPIENTS = List.of(
            "RCPT TO:<alice@example.org>",
            "rcpt to:<bob@example.org>",
            "RCPT TO:<postmaster>",
            "RCPT TO:<team@example.org>");

    /// Contents of any kind, with as many lines as a server that does not want them has replies to them.
    private static final List<String> CONTENTS = List.of(
            "Subject\r\n\r\ntext\r\n.\r\n",
            ".\r\n",
            "Subject\n\n.\nQUIT\n.\r\n.\r\n",
            "NOOP\r\nNOOP\r\n..\r\nNOOP\r\n.\r\n",
            "text\r\n\r\nbare\rcr\r\n.\r\n");

    private static final List<String> CHUNKS =
            List.of("", "QUIT\r\n", "X: y\r\n\r\n", "NOOP\r\nNOOP\r\n", ".\r\n", "\r", "\n");

    /// What a client says, and how many replies it must hear.
    private static final class Script {
        private final Random random;
        private final boolean lmtp;
        private final StringBuilder said = new StringBuilder();
        private int replies = 1; // the greeting
        private boolean greeted;
        private boolean sender;
        private int recipients;
        private boolean chunks;
        private boolean chunkFailed;

        Script(Random random, boolean lmtp) {
            this.random = random;
            this.lmtp = lmtp;
            line("NOOP"); // so that it is SMTP that is spoken
            int commands = random.nextInt(MOST_COMMANDS);
            for (int i = 0; i < commands; i++) {
                command();
            }
            line("QUIT");
        }

        private <T> T any(List<T> choices) {
            return choices.get(random.nextInt(choices.size()));
        }

        private void line(String line) {
            said.append(line).append("\r\n");
            replies++;
        }

        private void command() {
            switch (random.nextInt(10)) {
                case 0 -> {
                    String line = any(LINES);
                    line(line);
                    if (line.equals("RSET")) {
                        forget();
                    }
                }
                case 1 -> {
                    line((lmtp ? "LHLO" : any(List.of("EHLO", "HELO"))) + " client.example");
                    greeted = true;
                    forget();
                }
                case 2, 3 -> {
                    line(any(SENDERS));
                    sender |= greeted;
                }
                case 4, 5 -> {
                    line(any(RECIPIENTS));
                    recipients += sender && !chunks ? 1 : 0;
                }
                case 6, 7 -> data();
                case 8 -> chunk();
                default -> refusedChunk();
            }
        }

        private void forget() {
            sender = false;
            recipients = 0;
            chunks = false;
            chunkFailed = false;
        }

        /// The client does not wait for 354: where it does not come, the lines of the content are commands.
        private void data() {
            String content = any(CONTENTS);
            line("DATA");
            said.append(content);
            if (sender && recipients > 0 && !chunks) {
                replies += lmtp ? recipients : 1;
                forget();
            } else {
                replies += (int) content.chars().filter(c -> c == '\n').count();
            }
        }

        private void chunk() {
            String octets = any(CHUNKS);
            boolean last = random.nextBoolean();
            line("BDAT " + octets.length() + (last ? " LAST" : ""));
            said.append(octets);
            if (!sender || recipients == 0) {
                return;
            }
            if (last && lmtp) {
                replies += recipients - 1;
            }
            if (last && !chunkFailed) {
                forget();
            } else {
                chunks = true;
            }
        }

        /// A chunk that is refused spoils the others of its message; its own reply is one, by LMTP too.
        private void refusedChunk() {
            String octets = any(CHUNKS);
            line(any(List.of("BDAT +%d", "BDAT %d 1", "BDAT %d FIRST", "BDAT %d LAST LAST"))
                    .formatted(octets.length()));
            said.append(octets);
            chunkFailed |= sender;
            chunks |= sender;
        }

        private byte[] octets() {
            return said.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        private List<Integer> cuts() {
            List<Integer> cuts = new ArrayList<>();
            int length = said.length();
            for (int i = random.nextInt(6); i > 0; i--) {
                cuts.add(random.nextInt(length));
            }
            cuts.add(length);
            return cuts.stream().distinct().sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ListenerRole.class,
            names = {"MX", "LMTP"})
    void thereAreAsManyRepliesAsCommands(ListenerRole role) throws IOException {
        Random random = new Random(SEED + role.name().hashCode());
        int most = Integer.MAX_VALUE;
        ServerSessionSettings settings = World.settings(role)
                .withLimits(new SessionLimits(
                        1 << 20, 1000, Integer.MAX_VALUE, new SessionLimits.Patience(most, most, most, most)));
        World world = new World();
        Recital recital = new Recital(world, settings);
        for (int i = 0; i < SEQUENCES; i++) {
            Script script = new Script(random, role == ListenerRole.LMTP);
            Recital.Said said = recital.play(script.octets(), script.cuts());
            assertThat(said.replies())
                    .as("number " + i + ": replies to\n" + script.said)
                    .hasSize(script.replies);
            assertThat(said.replies().getLast()).startsWith("221 ");
            assertThat(world.spool.open()).as("drafts left open").isEmpty();
        }
    }
}
