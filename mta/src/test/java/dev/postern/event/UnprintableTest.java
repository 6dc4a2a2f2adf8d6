package dev.postern.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnprintableTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, '\t', '\r', '\n', 0x1B, 0x7F, 0x80, 0x85, 0x9F, 0xAD, 0x061C, 0x200B, 0x200E, 0x2028, 0x2029, 0x202A,
                0x202E, 0x2066, 0x2069, 0xD800, 0xDFFF, 0xFEFF, 0xE0001
            })
    void whatNoEyeSeesIsEscapedOrReplaced(int codePoint) {
        String text = "a" + new StringBuilder().appendCodePoint(codePoint) + "b";
        assertThat(Unprintable.anyIn(text)).isTrue();
        assertThat(Unprintable.escaped(text)).matches("a(?:\\\\u[0-9a-f]{4}){1,2}b");
        assertThat(Unprintable.replaced(text)).isEqualTo("a?b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain text, with: \"signs\" \\ ~", "josé", "用户@例え.jp", "\uD83D\uDC8C", "\u00A0"})
    void whatAnEyeSeesStaysAsItIs(String text) {
        assertThat(Unprintable.escaped(text)).isEqualTo(text);
        assertThat(Unprintable.replaced(text)).isEqualTo(text);
    }

    @Test
    void escapesAreThoseOfJson() {
        assertThat(Unprintable.escaped("\r\n\u202E\uDB40\uDC01")).isEqualTo("\\u000d\\u000a\\u202e\\udb40\\udc01");
    }

    @Test
    void decisionHoldsNone() {
        Decision decision = new Decision(
                Instant.EPOCH, "helo", "name", "reject", "said \r\nfaked", Map.of("helo", "evil\u0085faked\u202E"));
        assertThat(decision.why()).isEqualTo("said \\u000d\\u000afaked");
        assertThat(decision.inputs()).containsEntry("helo", "evil\\u0085faked\\u202e");
    }
}
