package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static String wire(Reply reply) {
        return new String(reply.toOctets(), StandardCharsets.US_ASCII);
    }

    @Test
    void oneLineIsCodeStatusAndText() {
        assertThat(wire(Reply.of(250, "2.1.0", "sender ok"))).isEqualTo("250 2.1.0 sender ok\r\n");
        assertThat(wire(Reply.plain(354, "go on"))).isEqualTo("354 go on\r\n");
        assertThat(Reply.of(250, "2.1.0", "sender ok")).hasToString("250 2.1.0 sender ok");
    }

    @Test
    void statusStandsOnEachLine() {
        Reply reply = new Reply(250, Optional.of(EnhancedStatus.of("2.0.0")), List.of("one", "two", ""));
        assertThat(wire(reply)).isEqualTo("250-2.0.0 one\r\n250-2.0.0 two\r\n250 2.0.0\r\n");
    }

    @Test
    void emptyTextLeavesTheSpaceBehindTheCode() {
        assertThat(wire(Reply.plain(334, ""))).isEqualTo("334 \r\n");
        assertThat(wire(new Reply(250, Optional.empty(), List.of("", "x", "")))).isEqualTo("250-\r\n250-x\r\n250 \r\n");
    }

    @Test
    void longTextIsBrokenAtSpaces() {
        String words = "words and more ".repeat(100).strip();
        Reply reply = Reply.of(550, "5.7.1", words);
        String[] lines = wire(reply).split("\r\n", -1);
        assertThat(lines).hasSizeGreaterThan(3);
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < lines.length - 1; i++) {
            assertThat(lines[i].length() + 2).isLessThanOrEqualTo(Reply.MAX_LINE);
            assertThat(lines[i]).startsWith(i < lines.length - 2 ? "550-5.7.1 " : "550 5.7.1 ");
            joined.append(i == 0 ? "" : " ").append(lines[i].substring("550-5.7.1 ".length()));
        }
        assertThat(joined).hasToString(words);
    }

    @Test
    void longTextWithoutSpacesIsBrokenBetweenCharacters() {
        for (String character : List.of("x", "ü", "我", "😀")) {
            String text = character.repeat(700);
            String wire = new String(Reply.of(550, "5.1.1", text).toOctets(true), StandardCharsets.UTF_8);
            assertThat(wire.lines().mapToInt(line -> line.getBytes(StandardCharsets.UTF_8).length + 2))
                    .allMatch(octets -> octets <= Reply.MAX_LINE);
            assertThat(wire.replaceAll("(?m)^550[ -]5\\.1\\.1 ", "").replace("\r\n", ""))
                    .isEqualTo(text);
        }
    }

    @Test
    void aLineOf512OctetsIsNotBroken() {
        String text = "x".repeat(512 - 2 - "550 5.1.1 ".length());
        assertThat(Reply.of(550, "5.1.1", text).toOctets()).hasSize(512);
        assertThat(wire(Reply.of(550, "5.1.1", text + "x")).lines()).hasSize(2);
    }

    @Test
    void utf8IsForThoseWhoAskedForIt() {
        Reply reply = Reply.of(550, "5.1.1", "no ü, no 😀");
        assertThat(wire(reply)).isEqualTo("550 5.1.1 no ?, no ?\r\n");
        assertThat(new String(reply.toOctets(true), StandardCharsets.UTF_8)).isEqualTo("550 5.1.1 no ü, no 😀\r\n");
    }

    @Test
    void noControlCharacterGetsIntoAReply() {
        Reply reply = Reply.of(550, "5.1.1", "a\r\n250 ok\0\u0085\u2028\u007f\t\ud800");
        assertThat(reply.text()).containsExactly("a??250 ok??????");
        assertThat(wire(reply)).hasLineCount(1).isEqualTo("550 5.1.1 a??250 ok??????\r\n");
        assertThat(wire(reply.with("\r\n"))).isEqualTo("550 5.1.1 a??250 ok?????? ??\r\n");
    }

    @Test
    void wordsAreAddedToTheLastLine() {
        Reply reply = new Reply(250, Optional.empty(), List.of("one", "two")).with("[id]");
        assertThat(reply.text()).containsExactly("one", "two [id]");
    }

    @Test
    void theKindOfAReplyIsItsFirstDigit() {
        assertThat(Reply.plain(250, "x").isPositive()).isTrue();
        assertThat(Reply.plain(354, "x").isIntermediate()).isTrue();
        assertThat(Reply.plain(354, "x").isPositive()).isFalse();
        assertThat(Reply.plain(451, "x").isTransient()).isTrue();
        assertThat(Reply.plain(550, "x").isPermanent()).isTrue();
    }

    @Test
    void whatIsNoReplyCannotBe() {
        assertThatThrownBy(() -> Reply.plain(199, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Reply.plain(600, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Reply.of(250, "5.0.0", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reply(250, Optional.empty(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
