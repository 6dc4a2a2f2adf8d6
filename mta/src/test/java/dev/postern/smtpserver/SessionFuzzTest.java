package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.policy.ListenerRole;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whole sessions, whatever the client says.
class SessionFuzzTest {
    private static final int MOST = 30_000;
    private static final int MOST_MESSAGES = 1000;
    private static final Pattern START_TLS = Pattern.compile("(?i)STARTTLS");

    /// Words at which the world of these tests makes a mistake, or sends the client away.
    private static final Pattern TROUBLE = Pattern.compile("(?i)bug|goaway");

    private static final SessionLimits ENDLESS = new SessionLimits(
            1 << 20,
            1000,
            Integer.MAX_VALUE,
            new SessionLimits.Patience(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));

    /// How far a session has come when the octets begin.
    private static final List<String> BEGINNINGS = List.of(
            "NOOP\r\n",
            "EHLO c.example\r\n",
            "EHLO c.example\r\nMAIL FROM:<ann@example.com>\r\nRCPT TO:<alice@example.org>\r\n",
            "EHLO c.example\r\nMAIL FROM:<ann@example.com>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\n",
            "EHLO c.example\r\nMAIL FROM:<ann@example.com> SMTPUTF8\r\n",
            "EHLO c.example\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\nMAIL FROM:<alice@example.org>\r\n",
            "EHLO c.example\r\nAUTH LOGIN\r\n");

    private static final List<ListenerRole> ROLES =
            List.of(ListenerRole.MX, ListenerRole.LMTP, ListenerRole.SUBMISSIONS, ListenerRole.SUBMISSION);

    private static ServerSessionSettings settings(ListenerRole role) {
        return World.settings(role).withLimits(ENDLESS);
    }

    /// @param input who listens, how far the session is, how long the pieces are; then what the client says
    @FuzzTest
    void everyCutMeansTheSame(byte[] input) throws IOException {
        if (input.length < 3 || input.length > MOST || says(input, TROUBLE)) {
            return;
        }
        ListenerRole role = ROLES.get((input[0] & 0xFF) % ROLES.size());
        String beginning = BEGINNINGS.get((input[1] & 0xFF) % BEGINNINGS.size());
        if (role == ListenerRole.LMTP) {
            beginning = beginning.replace("EHLO", "LHLO");
        }
        byte[] stream = join(beginning, Arrays.copyOfRange(input, 3, input.length));
        World world = new World();
        Recital.Said whole = new Recital(world, settings(role)).play(stream);
        assertThat(world.spool.open()).as("drafts left open").isEmpty();
        Traces.assertNothingIsInjected(world);
        if (says(stream, START_TLS)) {
            return; // what is in one packet with it is an injection, what is not may be a handshake
        }
        List<String> contents = contents(world);
        Recital.Said cut = new Recital(world, settings(role)).play(stream, ends(stream.length, input[2] & 0xFF));
        assertThat(cut.withoutIds()).isEqualTo(whole.withoutIds());
        List<String> twice = new ArrayList<>(contents);
        twice.addAll(contents);
        assertThat(contents(world)).isEqualTo(twice);
    }

    private static boolean says(byte[] stream, Pattern words) {
        return words.matcher(new String(stream, StandardCharsets.ISO_8859_1)).find();
    }

    private static byte[] join(String beginning, byte[] rest) {
        byte[] first = beginning.getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    /// Pieces of so many octets; of two lengths in turn, so that no two cuts fall alike.
    private static List<Integer> ends(int length, int piece) {
        List<Integer> ends = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < length; i++) {
            at = Math.min(length, at + 1 + (i % 2 == 0 ? piece : piece / 3));
            ends.add(at);
        }
        return ends;
    }

    private static List<String> contents(World world) throws IOException {
        List<String> contents = new ArrayList<>();
        for (SpooledMessage message : world.spool.list(Optional.empty(), MOST_MESSAGES)) {
            contents.add(world.content(message.id()));
        }
        return contents;
    }

    private static final Pattern VERB = Pattern.compile("(?i)^[^!-~]*(BDAT(?![A-Z])|DATA|AUTH|STARTTLS)");
    private static final Pattern SIZED = Pattern.compile("(?is)BDAT +\\+?(\\d+)(?: .*)?");
    private static final Pattern WITHOUT_SIZE = Pattern.compile("(?is)BDAT *");
    private static final Pattern QUIT = Pattern.compile("(?i)QUIT[ \t]*\r\n");
    private static final int LONGEST_LINE = 500;

    /// Commands and chunks of any form: as many replies as a reader finds that knows what a line and what a chunk is,
    /// and nothing else.
    @FuzzTest
    void thereIsOneReplyForOneCommand(byte[] input) throws IOException {
        if (input.length > MOST || says(input, TROUBLE)) {
            return;
        }
        String beginning = BEGINNINGS.get(2);
        String rest = new String(input, StandardCharsets.ISO_8859_1);
        int replies = 4;
        for (int lf = rest.indexOf('\n'); lf >= 0; lf = rest.indexOf('\n')) {
            String raw = rest.substring(0, lf + 1);
            String line = raw.replaceFirst("\r?\n$", "").replaceFirst("[ \t]+$", "");
            rest = rest.substring(lf + 1);
            Matcher verb = VERB.matcher(line);
            boolean special = verb.find();
            if (raw.length() > LONGEST_LINE
                    || OtherProtocol.ofLine(line).isPresent()
                    || (special && !verb.group(1).equalsIgnoreCase("BDAT"))) {
                return; // their replies are another matter
            }
            replies++;
            if (QUIT.matcher(raw).matches()) {
                break;
            }
            if (!special || WITHOUT_SIZE.matcher(line).matches()) {
                continue;
            }
            Matcher sized = SIZED.matcher(line);
            if (!sized.matches() || new BigInteger(sized.group(1)).bitLength() >= Long.SIZE) {
                break; // nobody knows where the next command is
            }
            long size = Long.parseLong(sized.group(1));
            if (size > rest.length()) {
                replies--;
                break;
            }
            rest = rest.substring((int) size);
        }
        Recital.Said said = new Recital(new World(), settings(ListenerRole.MX)).play(join(beginning, input));
        assertThat(said.replies()).as(said.toString()).hasSize(replies);
    }
}
