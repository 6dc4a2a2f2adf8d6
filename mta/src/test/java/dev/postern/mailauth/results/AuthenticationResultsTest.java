package dev.postern.mailauth.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.message.HeaderField;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationResultsTest {
    private static final String OURS = "mx.example.org";

    @Test
    void resultsAreWrittenOneALine() {
        AuthenticationResults results = new AuthenticationResults(
                OURS,
                List.of(
                        MethodResult.of("iprev", "pass").with("policy", "iprev", "192.0.2.1"),
                        MethodResult.of("spf", "pass").with("smtp", "mailfrom", "alice@example.com"),
                        MethodResult.of("dkim", "fail")
                                .because("body hash did not verify")
                                .with("header", "d", "example.com")
                                .with("header", "s", "s1")
                                .with("header", "a", "rsa-sha256")
                                .with("header", "b", "Ab/+c=12"),
                        MethodResult.of("dmarc", "pass")
                                .with("header", "from", "example.com")
                                .with("policy", "dmarc", "none"),
                        MethodResult.of("arc", "pass").with("header", "oldest-pass", "0")));
        assertThat(results.field(false).text()).isEqualTo("""
                Authentication-Results: mx.example.org;
                \tiprev=pass policy.iprev=192.0.2.1;
                \tspf=pass smtp.mailfrom=alice@example.com;
                \tdkim=fail reason="body hash did not verify" header.d=example.com header.s=s1
                \theader.a=rsa-sha256 header.b="Ab/+c=12";
                \tdmarc=pass header.from=example.com policy.dmarc=none;
                \tarc=pass header.oldest-pass=0""".replace("\n", "\r\n"));
        assertThat(AuthenticationResults.parse(results.payload(false))).contains(results);
    }

    @Test
    void noResultsAreNone() {
        AuthenticationResults none = new AuthenticationResults(OURS, List.of());
        assertThat(none.field(false)).hasToString("Authentication-Results: mx.example.org; none");
        assertThat(AuthenticationResults.parse(" mx.example.org; none ")).contains(none);
    }

    /// Values from outside and how they are written: in ASCII, and for an international message.
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("example.com", "example.com", "example.com"),
                Arguments.of("a@example.com", "a@example.com", "a@example.com"),
                Arguments.of("@example.com", "@example.com", "@example.com"),
                Arguments.of("a.b+c_d-e@x-y.example", "a.b+c_d-e@x-y.example", "a.b+c_d-e@x-y.example"),
                Arguments.of("", "\"\"", "\"\""),
                Arguments.of("a b", "\"a b\"", "\"a b\""),
                Arguments.of("2001:db8::1", "\"2001:db8::1\"", "\"2001:db8::1\""),
                Arguments.of(
                        "SRS0=a=b=x.example=c@y.example",
                        "\"SRS0=a=b=x.example=c@y.example\"",
                        "\"SRS0=a=b=x.example=c@y.example\""),
                Arguments.of("\"a b\"@x.example", "\"\\\"a b\\\"@x.example\"", "\"\\\"a b\\\"@x.example\""),
                Arguments.of("a@x.example; dmarc=pass", "\"a@x.example; dmarc=pass\"", "\"a@x.example; dmarc=pass\""),
                Arguments.of("x\"; dmarc=pass (", "\"x\\\"; dmarc=pass (\"", "\"x\\\"; dmarc=pass (\""),
                Arguments.of("x\\", "\"x\\\\\"", "\"x\\\\\""),
                Arguments.of("x\\\"; dmarc=pass", "\"x\\\\\\\"; dmarc=pass\"", "\"x\\\\\\\"; dmarc=pass\""),
                Arguments.of("x (comment)", "\"x (comment)\"", "\"x (comment)\""),
                Arguments.of("a@b@c", "\"a@b@c\"", "\"a@b@c\""),
                Arguments.of("a@-x.example", "\"a@-x.example\"", "\"a@-x.example\""),
                Arguments.of("a@x-.example", "\"a@x-.example\"", "\"a@x-.example\""),
                Arguments.of("a@x..example", "\"a@x..example\"", "\"a@x..example\""),
                Arguments.of("a@x.example.", "\"a@x.example.\"", "\"a@x.example.\""),
                Arguments.of(".a@x.example", "\".a@x.example\"", "\".a@x.example\""),
                Arguments.of("a\r\nX-Evil: b", "\"a__X-Evil: b\"", "\"a__X-Evil: b\""),
                Arguments.of("a\0\u001b\u007f\u0085\u2028b", "a_____b", "a_____b"),
                Arguments.of("\u202eevil\ud800", "_evil_", "_evil_"),
                Arguments.of("=?utf-8?q?=3B?=", "\"=_utf-8?q?=3B?=\"", "\"=_utf-8?q?=3B?=\""),
                Arguments.of("=\u0001utf-8?q?x?=", "\"=_utf-8?q?x?=\"", "\"=_utf-8?q?x?=\""),
                Arguments.of("=\u00fcutf-8?q?x?=", "\"=_utf-8?q?x?=\"", "\"=\u00fcutf-8?q?x?=\""),
                Arguments.of("j\u00fcrgen@x.example", "\"j_rgen@x.example\"", "\"j\u00fcrgen@x.example\""),
                Arguments.of("\ud83d\ude00", "\"_\"", "\"\ud83d\ude00\""),
                Arguments.of("x".repeat(400), "x".repeat(400), "x".repeat(400)),
                Arguments.of(
                        "x".repeat(1_000_000), "\"" + "x".repeat(395) + "[cut]\"", "\"" + "x".repeat(395) + "[cut]\""),
                Arguments.of(
                        "\u00fc".repeat(1000),
                        "\"" + "_".repeat(197) + "[cut]\"",
                        "\"" + "\u00fc".repeat(197) + "[cut]\""));
    }

    /// The beginning of a long name of a stranger may be another name.
    @Test
    void nameThatIsCutIsNoOtherName() {
        for (int length = 300; length < 450; length++) {
            String victim = "a".repeat(length - "@bank.example".length()) + "@bank.example";
            String field = AuthenticationResults.NAME + ": "
                    + new AuthenticationResults(
                                    OURS,
                                    List.of(MethodResult.of("spf", "pass")
                                            .with("smtp", "mailfrom", victim + ".evil.example")))
                            .payload(false);
            assertThat(field).doesNotEndWith("@bank.example").containsAnyOf(".evil.example", "[cut]\"");
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueFromOutsideMeansNothingButItself(String value, String ascii, String international) {
        AuthenticationResults results = new AuthenticationResults(
                OURS,
                List.of(
                        MethodResult.of("spf", "fail").because(value).with("smtp", "mailfrom", value),
                        MethodResult.of("dmarc", "fail").with("header", "from", "x.example")));
        assertThat(unfolded(results.field(false))).contains("smtp.mailfrom=" + ascii + "; dmarc=fail ");
        assertThat(utf8(unfolded(results.field(true)))).contains("smtp.mailfrom=" + international + "; dmarc=fail ");
        assertThat(AuthenticationResults.parse(results.payload(true))).contains(results);
        AuthenticationResults plain =
                AuthenticationResults.parse(results.payload(false)).orElseThrow();
        assertThat(plain.results()).extracting(MethodResult::method).containsExactly("spf", "dmarc");
        assertThat(plain.results()).extracting(MethodResult::result).containsOnly("fail");
        assertThat(Arrays.stream(results.field(true).text().split("\r\n", -1)))
                .allMatch(line -> line.length() < 998 && (line.startsWith("\t") || line.startsWith("Auth")));
    }

    private static String unfolded(HeaderField field) {
        return field.unfolded().replace('\t', ' ').replace(";  ", "; ");
    }

    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Test
    void linesAreShortWhereTheyCanBe() {
        MethodResult result = MethodResult.of("dkim", "pass");
        for (int i = 0; i < 40; i++) {
            result = result.with("header", "d", "x".repeat(i));
        }
        AuthenticationResults results = new AuthenticationResults(OURS, List.of(result, result));
        assertThat(results.field(false).text().split("\r\n", -1)).allMatch(line -> line.length() <= 78);
        assertThat(AuthenticationResults.parse(results.payload(false))).contains(results);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "a-", "a b", "a=b", "a;", "a.b", "\u00fc", "a\n"})
    void methodsAndTheirKinAreKeywords(String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> MethodResult.of(word, "pass"));
        assertThatIllegalArgumentException().isThrownBy(() -> MethodResult.of("spf", word));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MethodResult.of("spf", "pass").with(word, "d", "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MethodResult.of("spf", "pass").with("header", word, "x"));
    }

    @Test
    void anIdentifierIsWrittenAsItIsOrNotAtAll() {
        assertThat(new AuthenticationResults("our mx", List.of()).payload(false))
                .isEqualTo("\"our mx\"; none");
        for (String id : List.of("", "a\r\nb", "x".repeat(401), "=?x")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new AuthenticationResults(id, List.of()));
        }
    }

    /// What others write, and how we would write it; the examples of RFC 8601 appendix B among them.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            example.org 1; none | example.org; none
            example.com; spf=pass smtp.mailfrom=example.net | example.com; spf=pass smtp.mailfrom=example.net
            example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net | example.com; auth=pass smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net
            example.com; dkim=pass (good signature) header.d=example.com | example.com; dkim=pass header.d=example.com
            foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462 | foo.example.net; dkim=fail policy.expired=1362471462
            mx; dkim=pass reason = "it is \\"good\\"" header.i=@x.example header.b=ab/c+d=; | mx; dkim=pass reason="it is \\"good\\"" header.i=@x.example header.b="ab/c+d="
            mx; dmarc=pass (p=REJECT sp=NONE) header.from=x.example | mx; dmarc=pass header.from=x.example
            mx;spf=pass smtp.mailfrom="a b"@x.example | mx; spf=pass smtp.mailfrom="\\"a b\\"@x.example"
            mx;iprev=pass policy.iprev=2001:db8::1 | mx; iprev=pass policy.iprev="2001:db8::1"
            "m x" (c); NONE (really) | "m x"; none
            """)
    void whatOthersWriteIsRead(String text, String written) {
        assertThat(AuthenticationResults.parse(text)
                        .map(results -> results.field(false)
                                .unfolded()
                                .strip()
                                .replace('\t', ' ')
                                .replace(";  ", "; ")))
                .contains(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "mx",
                "mx;",
                "mx; ;",
                "; spf=pass",
                "mx; spf",
                "mx; spf=",
                "mx; =pass",
                "mx x; spf=pass",
                "mx; none; spf=pass",
                "mx; spf=pass; none",
                "mx; spf=pass smtp",
                "mx; spf=pass smtp.",
                "mx; spf=pass smtp.mailfrom",
                "mx; spf=pass smtp.mailfrom=",
                "mx; spf=pass smtp.mailfrom=\"a",
                "mx; spf=pass reason",
                "mx; spf=pass reason=;",
                "mx; spf=pass (",
                "mx; spf=pass )",
                "mx; spf-=pass",
                "\"mx; spf=pass",
                "\"\"; none"
            })
    void whatIsNoFieldIsNotRead(String text) {
        assertThat(AuthenticationResults.parse(text)).isEmpty();
    }

    @Test
    void readingIsBounded() {
        String result = "; spf=pass";
        assertThat(AuthenticationResults.parse("mx" + result.repeat(100))).isPresent();
        assertThat(AuthenticationResults.parse("mx" + result.repeat(101))).isEmpty();
        assertThat(AuthenticationResults.parse("mx; spf=pass" + " a.b=c".repeat(101)))
                .isEmpty();
        assertThat(AuthenticationResults.parse("mx" + "(".repeat(1000) + ")".repeat(1000) + "; none"))
                .isEmpty();
        assertThat(AuthenticationResults.parse("mx; none" + " ".repeat(65_536))).isEmpty();
    }

    /// Fields that claim to be of mx.example.org, and those that do not.
    static Stream<Arguments> claims() {
        return Stream.of(
                Arguments.of(true, "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=x.example"),
                Arguments.of(true, "AUTHENTICATION-results: MX.Example.ORG; dmarc=pass"),
                Arguments.of(true, "Authentication-Results : mx.example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results\t: mx.example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results:mx.example.org;dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx.example.org; none"),
                Arguments.of(true, "Authentication-Results:\r\n mx.example.org\r\n ;\r\n\tdmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx.example.org 1; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx.example.org(c)1(c); dmarc=pass"),
                Arguments.of(true, "Authentication-Results: (c (d (e)) \\) ) mx.example.org (f); dmarc=pass"),
                Arguments.of(true, "Authentication-Results: ()\r\n () mx.example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \"mx.example.org\"; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \"mx\\.example\\.org\"; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \" mx.example.org\t\"; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \"mx.\r\n example.org\"; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx.example.org.; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \"mx.example.org..\"; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx.example.org/1; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx.example.org"),
                Arguments.of(true, "Authentication-Results: mx.example.org dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx .example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx(c).example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: m\0x.example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: other.example\r; dmarc=pass"),
                Arguments.of(
                        true, "Authentication-Results: other.example; x=y\nAuthentication-Results: mx.example.org"),
                Arguments.of(true, "Authentication-Results: other.example mx.example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: other.example (mx.example.org); dmarc=pass"),
                Arguments.of(true, "Authentication-Results: other.example (mx.example.org.); dmarc=pass"),
                Arguments.of(true, "Authentication-Results: =?utf-8?q?mx.example.org?=; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \u00ff\u00fe; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: mx.example\u00e2\u0080\u008b.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \u00ef\u00bd\u008dx.example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results:"),
                Arguments.of(true, "Authentication-Results: ; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \"\"; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: spf=pass smtp.mailfrom=x.example"),
                Arguments.of(true, "Authentication-Results: (; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: \"mx.example.org; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: " + "(".repeat(99) + ")".repeat(99) + "a; dmarc=pass"),
                Arguments.of(true, "Authentication-Results: other.example; x" + " ".repeat(65_536)),
                Arguments.of(false, "Authentication-Results: other.example; dmarc=pass"),
                Arguments.of(false, "Authentication-Results: other.example 1; dmarc=pass (mx.example.org)"),
                Arguments.of(false, "Authentication-Results: other.example; dmarc=pass header.from=mx.example.org"),
                Arguments.of(false, "Authentication-Results: example.org; dmarc=pass"),
                Arguments.of(false, "Authentication-Results: a.mx.example.org; dmarc=pass"),
                Arguments.of(false, "Authentication-Results: mx.example.org.evil.example; dmarc=pass"),
                Arguments.of(false, "Authentication-Results: amx.example.org; dmarc=pass"),
                Arguments.of(false, "Authentication-Results: mxx.example.org; dmarc=pass"),
                Arguments.of(false, "Authentication-Results: b\u00c3\u00bccher.example; dmarc=pass"),
                Arguments.of(false, "Authentication-Results: m_x; dmarc=pass"),
                Arguments.of(false, "X-Authentication-Results: mx.example.org; dmarc=pass"),
                Arguments.of(false, "ARC-Authentication-Results: i=1; mx.example.org; dmarc=pass"));
    }

    @ParameterizedTest
    @MethodSource("claims")
    void fieldsClaimWhatTheyMayBeReadToClaim(boolean claims, String field) {
        assertThat(AuthenticationResults.claims(HeaderField.of(field), OURS)).isEqualTo(claims);
        assertThat(AuthenticationResults.claims(HeaderField.of(field), "MX.EXAMPLE.ORG."))
                .isEqualTo(claims);
    }

    @Test
    void ourNameMayBeInternationalOrStrange() {
        HeaderField uLabel = HeaderField.of("Authentication-Results: B\u00c3\u00bccher.example; none");
        assertThat(AuthenticationResults.claims(uLabel, "xn--bcher-kva.example"))
                .isTrue();
        assertThat(AuthenticationResults.claims(uLabel, "b\u00fccher.example")).isTrue();
        assertThat(AuthenticationResults.claims(HeaderField.of("Authentication-Results: \"our  MX\"; none"), "our mx"))
                .isTrue();
        assertThat(AuthenticationResults.claims(uLabel, ".")).isFalse();
    }

    @Test
    void whatWeWriteClaimsToBeOurs() throws IOException {
        for (String id : List.of(OURS, "our mx", "a\"b\\c", "xn--bcher-kva.example", "b\u00fccher.example")) {
            AuthenticationResults results = new AuthenticationResults(id, List.of());
            assertThat(AuthenticationResults.claims(results.field(true), id)).isTrue();
        }
        HeaderField field = new AuthenticationResults(OURS, List.of(MethodResult.of("spf", "pass"))).field(false);
        byte[] message = (field.text() + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(dev.postern.message.MessageReader.read(new ByteArrayInputStream(message), 10_000)
                        .header()
                        .first(AuthenticationResults.NAME))
                .isEqualTo(Optional.of(field));
    }
}
