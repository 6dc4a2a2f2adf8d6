package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Octets that hide in a coding come out of it in no reply, log line, decision or header field.
class InjectionTest {
    private static final String EHLO = "EHLO client.example\r\n";
    private static final String REST = "RCPT TO:<alice@example.org>\r\nDATA\r\n.\r\n";

    /// A coding in which a client says what it likes.
    ///
    /// @param dialogue what it sends to say a text
    record Coding(String name, ListenerRole role, UnaryOperator<String> dialogue) {
        private static final List<Coding> ALL = List.of(
                new Coding(
                        "auth plain",
                        ListenerRole.SUBMISSIONS,
                        text -> EHLO + "AUTH PLAIN " + base64("\0" + text + "\0secret") + "\r\n"),
                new Coding(
                        "auth plain for another",
                        ListenerRole.SUBMISSIONS,
                        text -> EHLO + "AUTH PLAIN " + base64(text + "\0alice\0secret") + "\r\n"),
                new Coding(
                        "auth login",
                        ListenerRole.SUBMISSIONS,
                        text -> EHLO + "AUTH LOGIN " + base64(text) + "\r\n" + base64("secret") + "\r\n"),
                new Coding(
                        "auth scram",
                        ListenerRole.SUBMISSIONS,
                        text -> EHLO + "AUTH SCRAM-SHA-256 " + base64("n,,n=" + text + ",r=abcdef") + "\r\n*\r\n"),
                new Coding(
                        "envid",
                        ListenerRole.MX,
                        text -> EHLO + "MAIL FROM:<ann@example.com> ENVID=" + xtext(text) + "\r\n" + REST),
                new Coding(
                        "orcpt",
                        ListenerRole.MX,
                        text -> EHLO + "MAIL FROM:<ann@example.com>\r\nRCPT TO:<alice@example.org> ORCPT=rfc822;"
                                + xtext(text) + "\r\n" + REST),
                new Coding(
                        "orcpt unicode",
                        ListenerRole.MX,
                        text -> EHLO
                                + "MAIL FROM:<ann@example.com> SMTPUTF8\r\nRCPT TO:<alice@example.org> ORCPT=utf-8;"
                                + unitext(text) + "\r\n" + REST),
                new Coding(
                        "auth parameter",
                        ListenerRole.SUBMISSIONS,
                        text -> EHLO + "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\nMAIL FROM:<alice@example.org> AUTH="
                                + xtext(text + "@example.com") + "\r\n" + REST),
                new Coding(
                        "encoded word",
                        ListenerRole.MX,
                        text -> EHLO
                                + "MAIL FROM:<ann@example.com>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\nSubject: =?utf-8?B?"
                                + base64(text) + "?=\r\nFrom: =?utf-8?B?" + base64(text)
                                + "?= <a@example.com>\r\n\r\n.\r\n"),
                new Coding(
                        "quoted pair",
                        ListenerRole.MX,
                        text -> EHLO + "MAIL FROM:<\"a\\" + text + "\"@example.com> SMTPUTF8\r\n" + REST));

        @Override
        public String toString() {
            return name;
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(octets(text));
    }

    private static String xtext(String text) {
        StringBuilder coded = new StringBuilder();
        for (byte b : octets(text)) {
            coded.append("+%02X".formatted(b));
        }
        return coded.toString();
    }

    private static String unitext(String text) {
        StringBuilder coded = new StringBuilder();
        new String(octets(text), StandardCharsets.UTF_8)
                .codePoints()
                .forEach(point -> coded.append("\\x{%02X}".formatted(point)));
        return coded.toString();
    }

    static Stream<Arguments> attempts() throws IOException {
        Map<String, String> forms = OddOctetsTest.Table.read().forms();
        return Coding.ALL.stream()
                .flatMap(coding -> forms.entrySet().stream()
                        .map(form -> Arguments.of(coding, form.getKey(), "a" + form.getValue() + "Evil b")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("attempts")
    void whatHidesInACodingComesOutNowhere(Coding coding, String form, String text) throws IOException {
        World world = new World();
        Recital recital = new Recital(world, World.settings(coding.role));
        Recital.Said said = recital.play(octets(coding.dialogue.apply(text) + "NOOP\r\nQUIT\r\n"));
        assertThat(said.replies().getLast()).as(form).startsWith("221 ");
        Traces.assertNothingIsInjected(world);
    }
}
