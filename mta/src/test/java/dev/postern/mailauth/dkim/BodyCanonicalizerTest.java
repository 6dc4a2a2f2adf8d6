package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BodyCanonicalizerTest {
    private static final String LETTERS = "ab \t\r\n";

    private static String canonical(Canonicalization form, String body, int... cuts) {
        StringBuilder out = new StringBuilder();
        BodyCanonicalizer canonicalizer = new BodyCanonicalizer(
                form,
                (octets, offset, length) ->
                        out.append(new String(octets, offset, length, StandardCharsets.ISO_8859_1)));
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        int at = 0;
        for (int cut : cuts) {
            canonicalizer.body(octets, at, cut - at);
            at = cut;
        }
        canonicalizer.body(octets, at, octets.length - at);
        canonicalizer.finish();
        return out.toString();
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace('_', ' ')
                .replace("~", "\r\n");
    }

    /// In the table `~` is CRLF and `_` a space. The third line is that of RFC 6376 §3.4.5.
    @ParameterizedTest
    @CsvSource({
        "'',              ~,                ''",
        "~,               ~,                ''",
        "_C_~D_\\t_E~~~,  _C_~D_\\t_E~,     _C~D_E~",
        "~~~,             ~,                ''",
        "_,               _~,               ''",
        "_~,              _~,               ''",
        "_\\t_~_~,        _\\t_~_~,         ''",
        "a,               a~,               a~",
        "a_,              a_~,              a~",
        "a~_,             a~_~,             a~",
        "a~~_~~,          a~~_~,            a~",
        "~~a~,            ~~a~,             ~~a~",
        "_~_a~,           _~_a~,            ~_a~",
        "a\\r,            a\\r~,            a\\r~",
        "a_\\r,           a_\\r~,           a_\\r~",
        "a\\r_b~,         a\\r_b~,          a\\r_b~",
        "a_\\rb~,         a_\\rb~,          a_\\rb~",
        "a\\r\\r\\n,      a\\r\\r\\n,       a\\r\\r\\n",
        "a\\nb~,          a\\nb~,           a\\nb~",
        "a_\\n~,          a_\\n~,           a_\\n~",
        "\\n\\n,          \\n\\n~,          \\n\\n~",
        "\\r,             \\r~,             \\r~",
        "a\\u000bb~,      a\\u000bb~,       a\\u000bb~",
    })
    void bodiesBecomeCanonicalWhereverTheyAreCut(String given, String simple, String relaxed) {
        String body = unescape(given);
        for (Canonicalization form : Canonicalization.values()) {
            String expected = unescape(form == Canonicalization.SIMPLE ? simple : relaxed);
            assertThat(NaiveBody.canonical(form, body)).isEqualTo(expected);
            for (int first = 0; first <= body.length(); first++) {
                for (int second = first; second <= body.length(); second++) {
                    assertThat(canonical(form, body, first, second)).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void randomBodiesAreWhatThePlainReadingSays(Canonicalization form) {
        Random random = new Random(6376);
        for (int i = 0; i < 3000; i++) {
            StringBuilder body = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                int letter = random.nextInt(LETTERS.length() + 1);
                body.append(letter == LETTERS.length() ? "\r\n" : LETTERS.substring(letter, letter + 1));
            }
            String text = body.toString();
            int cut = random.nextInt(text.length() + 1);
            assertThat(canonical(form, text, cut)).isEqualTo(NaiveBody.canonical(form, text));
        }
    }

    @ParameterizedTest
    @EnumSource
    void longBodiesPassInBoundedPieces(Canonicalization form) {
        String body =
                "\r\n".repeat(20_000) + "a b\r\n".repeat(10_000) + " ".repeat(50_000) + "c" + "\r\n".repeat(20_000);
        assertThat(canonical(form, body)).isEqualTo(NaiveBody.canonical(form, body));
    }

    /// The hash of the empty body in both forms is printed in RFC 6376 §3.4.3 and §3.4.4.
    @ParameterizedTest
    @CsvSource({
        "SIMPLE, frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=",
        "RELAXED, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    })
    void emptyBodyHasThePublishedHash(Canonicalization form, String hash) {
        BodyHashes hashes = new BodyHashes();
        BodyHash whole = hashes.request(form, OptionalLong.empty());
        hashes.finish();
        assertThat(whole.octets()).asBase64Encoded().isEqualTo(hash);
    }

    /// Every `l=` of every body: the snapshots on the way are the hashes of the beginnings.
    @Test
    void hashesOfBeginningsAreSnapshotsOfOnePass() {
        String body = "a  b \r\n\r\n c\td\r\n\r\n\r\n";
        for (Canonicalization form : Canonicalization.values()) {
            String canonical = NaiveBody.canonical(form, body);
            BodyHashes hashes = new BodyHashes();
            BodyHash[] asked = new BodyHash[canonical.length() + 2];
            for (int i = asked.length - 1; i >= 0; i--) {
                asked[i] = hashes.request(form, OptionalLong.of(i));
            }
            BodyHash whole = hashes.request(form, OptionalLong.empty());
            assertThat(hashes.request(form, OptionalLong.of(3))).isSameAs(asked[3]);
            for (int i = 0; i < body.length(); i++) {
                hashes.body(body.getBytes(StandardCharsets.ISO_8859_1), i, 1);
            }
            hashes.finish();
            for (int i = 0; i <= canonical.length(); i++) {
                byte[] beginning = canonical.substring(0, i).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(asked[i].is(Sha256.begin().digest(beginning))).isTrue();
                assertThat(asked[i].uncovered()).isEqualTo(canonical.length() - i);
            }
            assertThat(asked[canonical.length() + 1].tooShort()).isTrue();
            assertThat(whole.octets()).isEqualTo(asked[canonical.length()].octets());
            assertThat(whole.total()).isEqualTo(canonical.length());
        }
    }
}
