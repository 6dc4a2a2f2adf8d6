package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.message.HeaderField;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalizationTest {
    private static String unescape(String text) {
        return text.replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace('_', ' ')
                .replace("~", "\r\n");
    }

    /// In the table `~` is CRLF and `_` a space. The first two lines are those of RFC 6376 §3.4.5.
    @ParameterizedTest
    @CsvSource({
        "A:_X,                 a:X",
        "B_:_Y\\t~\\tZ__,      b:Y Z",
        "SubJect:,             subject:",
        "Subject:__~_~_,       subject:",
        "Subject: a~\\tb,      subject:a b",
        "Subject:a_~__~_b,     subject:a b",
        "Subject:a\\r_b,       subject:a\\r b",
        "Subject:a\\n_b_,      subject:a\\n b",
        "X-A\\t_:a : b,        x-a:a : b",
        "Subject:\u00c4\u00d6, subject:\u00c4\u00d6",
    })
    void fieldsAreRelaxedOrStayAsTheyAre(String given, String relaxed) {
        HeaderField field = HeaderField.of(unescape(given));
        assertThat(Canonicalization.RELAXED.header(field)).isEqualTo(unescape(relaxed));
        assertThat(Canonicalization.SIMPLE.header(field)).isEqualTo(unescape(given));
    }

    @ParameterizedTest
    @CsvSource({
        "A:b=x,                 A:b=",
        "A: v=1; b = x y ; c=d, 'A: v=1; b =; c=d'",
        "'A: bh=b; b=\t\r\n b=\r\n c',  A: bh=b; b=",
        "'A: bh=b=; b=',        'A: bh=b=; b='",
        "'A: bb=x;',            'A: bb=x;'",
        "'A: x; b=1',           'A: x; b='",
        "'A: B=1;\r\n\tb=1;',   'A: B=1;\r\n\tb=;'",
    })
    void signatureIsTakenOutOfItsField(String given, String without) {
        assertThat(SignedFields.withoutSignature(given)).isEqualTo(without);
    }
}
