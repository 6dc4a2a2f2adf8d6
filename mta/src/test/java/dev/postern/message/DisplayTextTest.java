package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\r\\nBcc: b|a Bcc: b",
                "  a \\t b  |a b",
                "a\\0b\\u001bc|a b c",
                "\\u202eabc\\u202c|abc",
                "a\\u200bb|ab",
                "a\\u2028b|a b",
                "\\ud800x|x",
                "12345678901|123456789\\u2026",
                "123456789 01|123456789\\u2026",
            })
    void onlyWhatIsSeenIsLeft(String text, String seen) {
        assertThat(DisplayText.of(unescaped(text), 10).text()).isEqualTo(unescaped(seen));
    }

    @Test
    void textWithWhatNobodySeesIsNone() {
        assertThatThrownBy(() -> new DisplayText("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Ann, the (first) <b>@; | \"Ann, the (first) <b>@;\"",
                "Ann \"the\" first | =?utf-8?B?QW5uICJ0aGUiIGZpcnN0?=",
                "=?utf-8?Q?Ann?= | =?utf-8?B?PT91dGYtOD9RP0Fubj89?=",
                "Änn | =?utf-8?B?w4Rubg==?=",
            })
    void phraseMeansNothingButItself(String text, String phrase) {
        assertThat(String.join(" ", DisplayText.of(text, 100).phrase())).isEqualTo(phrase);
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                out.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else if (text.charAt(i) == '\\') {
                i++;
                out.append(
                        "rnt0".indexOf(text.charAt(i)) < 0 ? '?' : "\r\n\t\0".charAt("rnt0".indexOf(text.charAt(i))));
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
