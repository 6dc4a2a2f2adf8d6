package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The codings of parameters against their plainest reading: decoded once, and never a control character out of it.
class XtextFuzzTest {
    private static final Pattern XCHAR = Pattern.compile("\\+([0-9A-Fa-f]{2})|([!-*,-<>-~])");
    private static final Pattern UNICHAR =
            Pattern.compile("\\\\x\\{([0-9A-Fa-f]{2,6})}|([!-*,-<>-\\[\\]-~]|[^\\x00-\\x7f])");

    @FuzzTest
    void xtextIsWhatItsGrammarSays(byte[] octets) {
        String coded = new String(octets, StandardCharsets.UTF_8);
        Optional<String> decoded = Xtext.decode(coded);
        assertThat(decoded).isEqualTo(naive(coded));
        decoded.ifPresent(text -> assertThat(Xtext.encode(text)).matches("(?:[!-*,-<>-~]++|\\+[0-9A-F]{2})*+"));
    }

    private static Optional<String> naive(String coded) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Matcher matcher = XCHAR.matcher(coded);
        int at = 0;
        while (at < coded.length()) {
            if (!matcher.region(at, coded.length()).lookingAt()) {
                return Optional.empty();
            }
            octets.write(
                    matcher.group(1) == null ? matcher.group(2).charAt(0) : Integer.parseInt(matcher.group(1), 16));
            at = matcher.end();
        }
        String text = octets.toString(StandardCharsets.UTF_8);
        boolean whole = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), octets.toByteArray());
        return whole && isWithoutControls(text) ? Optional.of(text) : Optional.empty();
    }

    @FuzzTest
    void unitextIsWhatItsGrammarSays(byte[] octets) {
        String coded = new String(octets, StandardCharsets.UTF_8);
        Optional<String> decoded = Utf8AddrXtext.decode(coded);
        assertThat(decoded).isEqualTo(naiveUnitext(coded));
        decoded.ifPresent(text -> assertThat(Utf8AddrXtext.encode(text)).matches("[!-*,-<>-~]*"));
    }

    private static Optional<String> naiveUnitext(String coded) {
        StringBuilder text = new StringBuilder();
        Matcher matcher = UNICHAR.matcher(coded);
        int at = 0;
        while (at < coded.length()) {
            if (!matcher.region(at, coded.length()).lookingAt()) {
                return Optional.empty();
            }
            if (matcher.group(1) == null) {
                text.append(matcher.group(2));
            } else {
                int point = Integer.parseInt(matcher.group(1), 16);
                if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
                    return Optional.empty();
                }
                text.appendCodePoint(point);
            }
            at = matcher.end();
        }
        return isWithoutControls(text.toString()) ? Optional.of(text.toString()) : Optional.empty();
    }

    private static boolean isWithoutControls(String text) {
        return text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
    }
}
