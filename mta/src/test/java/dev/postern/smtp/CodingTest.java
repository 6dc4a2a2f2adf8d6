package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The two codings of parameters, {@link Xtext} and {@link Utf8AddrXtext}.
class CodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "a@b.example | a@b.example",
                "a+b         | a+2Bb",
                "a=b c       | a+3Db+20c",
                "ü           | +C3+BC",
                "~!          | ~!",
            })
    void xtextIsWrittenAndRead(String text, String coded) {
        assertThat(Xtext.encode(text)).isEqualTo(coded);
        assertThat(Xtext.decode(coded)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+",
                "+2",
                "a+",
                "a+2",
                "+2G",
                "+G2",
                "+ 2",
                "++2B",
                "a=b",
                "a b",
                "a\rb",
                "a\u00fcb",
                "+0D",
                "+0A",
                "+00",
                "+09",
                "+7F",
                "+C2+85",
                "+E2+80+A8",
                "+FF",
                "+C3",
                "+ED+A0+80",
                "+٢٠",
                "+-1",
                "+0x"
            })
    void whatIsNoXtextIsNone(String coded) {
        assertThat(Xtext.decode(coded)).isEmpty();
    }

    @Test
    void xtextIsReadWithLowerCaseDigits() {
        assertThat(Xtext.decode("a+2bb")).contains("a+b");
        assertThat(Xtext.decode("")).contains("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "a@b.example | a@b.example",
                "ü@b         | \\x{FC}@b",
                "a+b         | a\\x{2B}b",
                "a=b\\c      | a\\x{3D}b\\x{5C}c",
                "我          | \\x{6211}",
                "😀          | \\x{1F600}",
                "a b         | a\\x{20}b",
            })
    void internationalAddressesAreWrittenAndRead(String text, String coded) {
        assertThat(Utf8AddrXtext.encode(text)).isEqualTo(coded);
        assertThat(Utf8AddrXtext.decode(coded)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\",
                "\\x",
                "\\x{",
                "\\x{}",
                "\\x{4}",
                "\\x{41",
                "\\x{0041414}",
                "\\x{4G}",
                "\\x{-41}",
                "\\X{41}",
                "a+2Bb",
                "a=b",
                "a b",
                "\\x{0A}",
                "\\x{0D}",
                "\\x{00}",
                "\\x{7F}",
                "\\x{85}",
                "\\x{2028}",
                "\\x{D800}",
                "\\x{DFFF}",
                "\\x{110000}",
                "a\u0085b",
                "\ud800",
                "\\x{٤١}"
            })
    void whatIsNoInternationalAddressIsNone(String coded) {
        assertThat(Utf8AddrXtext.decode(coded)).isEmpty();
    }

    @Test
    void unicodeMayStandThereAsItIs() {
        assertThat(Utf8AddrXtext.decode("ü@\\x{FC}")).contains("ü@ü");
    }

    @Test
    void whateverIsPrintableComesBack() {
        Random random = new Random(3461);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(6); j >= 0; j--) {
                text.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1));
            }
            String value = text.toString();
            boolean printable = !Text.hasControl(value) && !Text.hasLoneSurrogate(value);
            Optional<String> expected = printable ? Optional.of(value) : Optional.empty();
            if (!Text.hasLoneSurrogate(value)) {
                assertThat(Xtext.decode(Xtext.encode(value))).isEqualTo(expected);
            }
            assertThat(Xtext.encode(value)).matches("[!-~&&[^=]]*");
            assertThat(Utf8AddrXtext.decode(Utf8AddrXtext.encode(value))).isEqualTo(expected);
            assertThat(Utf8AddrXtext.encode(value)).matches("[!-~&&[^=+]]*");
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "5,5", "007,7", "4294967301,4294967301", "9223372036854775807,9223372036854775807"})
    void numbersAreRead(String text, long value) {
        assertThat(Decimal.parse(text)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "+1", " 1", "1 ", "0x1", "1e3", "٣", "9223372036854775808", "99999999999999999999"})
    void whatIsNoNumberIsNone(String text) {
        assertThat(Decimal.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2.0.0, 2.0.0", "5.7.999, 5.7.999", "4.10.100, 4.10.100"})
    void enhancedStatusIsReadAndWritten(String text, String form) {
        assertThat(EnhancedStatus.parse(text)).hasToString("Optional[" + form + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "2", "2.0", "2.0.0.0", "1.0.0", "3.0.0", "2.00.0", "2.0.1000", "2.-1.0", " 2.0.0", "2.0.0 "})
    void whatIsNoEnhancedStatusIsNone(String text) {
        assertThat(EnhancedStatus.parse(text)).isEmpty();
        assertThatThrownBy(() -> EnhancedStatus.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
