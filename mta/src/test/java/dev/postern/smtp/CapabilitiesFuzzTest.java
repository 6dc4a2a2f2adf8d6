package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.event.Unprintable;
import dev.postern.wire.Deadline;
import dev.postern.wire.MemoryConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What servers announce, and replies of any text.
class CapabilitiesFuzzTest {
    private static final int MOST = 4000;

    /// @param octets the lines of a reply to EHLO, without their codes
    @FuzzTest
    void extensionIsThereWhereALineBeginsWithIt(byte[] octets) {
        List<String> lines = new String(octets, StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty()) {
            return;
        }
        Reply ehlo = new Reply(250, Optional.empty(), lines);
        Capabilities capabilities = Capabilities.of(ehlo);
        for (Extension extension : Extension.values()) {
            boolean announced = ehlo.text().stream()
                    .skip(1)
                    .map(line -> line.toUpperCase(Locale.ROOT))
                    .map(line -> line.startsWith("AUTH=") ? "AUTH " + line.substring(5) : line)
                    .anyMatch(line -> line.strip().split(" ", 2)[0].equals(extension.keyword()));
            assertThat(capabilities.has(extension)).as(extension.keyword()).isEqualTo(announced);
        }
        assertThat(capabilities.maxSize().orElse(1)).isPositive();
        assertThat(capabilities.authMechanisms()).doesNotHaveDuplicates().allMatch(name -> !name.contains(" "));
        assertThat(capabilities.greeting()).doesNotContain(" ");
        assertThat(Unprintable.anyIn(capabilities.toString())).isFalse();
    }

    /// A reply of any text is lines of at most 512 octets in printable ASCII, and is read as the words that it had.
    @FuzzTest
    void replyOfAnyTextIsLegalOnTheWire(byte[] octets) throws IOException {
        String text = new String(octets, StandardCharsets.UTF_8);
        if (text.length() > MOST) {
            return;
        }
        Reply reply = Reply.of(550, "5.7.1", text).with("(id x)");
        for (boolean utf8 : new boolean[] {false, true}) {
            byte[] wire = reply.toOctets(utf8);
            String latin1 = new String(wire, StandardCharsets.ISO_8859_1);
            assertThat(latin1).endsWith("\r\n").doesNotContain("\0");
            List<String> lines = Stream.of(
                            latin1.substring(0, latin1.length() - 2).split("\r\n", -1))
                    .toList();
            assertThat(lines).allMatch(line -> line.length() + 2 <= Reply.MAX_LINE);
            assertThat(lines).allMatch(line -> line.matches("550[ -]5\\.7\\.1(?: [ -~\\x80-\\xff]*)?"));
            if (!utf8) {
                assertThat(latin1).matches("[ -~\r\n]*");
            }
            MemoryConnection.Pair pair = MemoryConnection.pair();
            Deadline soon = Deadline.after(Duration.ofSeconds(10));
            pair.server().write(wire, soon);
            pair.server().flush(soon);
            Reply again = ReplyReader.read(pair.client(), soon);
            assertThat(again.status()).isEqualTo(reply.status());
            String words = utf8 ? reply.text().getFirst() : inAscii(reply.text().getFirst());
            assertThat(String.join("", again.text()).replace(" ", "")).isEqualTo(words.replace(" ", ""));
        }
    }

    private static String inAscii(String text) {
        StringBuilder ascii = new StringBuilder();
        text.codePoints().forEach(c -> ascii.append(c < 0x80 ? (char) c : '?'));
        return ascii.toString();
    }
}
