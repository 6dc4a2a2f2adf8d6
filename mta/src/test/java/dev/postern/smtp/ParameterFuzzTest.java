package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Parameters of MAIL and RCPT against the plainest reading of their grammars.
class ParameterFuzzTest {
    private static final Dialect DIALECT = Dialect.of(
                    Dialect.Protocol.SMTP,
                    EnumSet.of(Extension.SIZE, Extension.EIGHT_BIT_MIME, Extension.SMTPUTF8, Extension.DSN))
            .inTransaction(true);
    private static final String XTEXT = "(?:[!-*,-<>-~]|\\+[0-9A-Fa-f]{2})+";
    private static final List<String> MAIL = List.of(
            "(?i)SIZE=\\d{1,20}",
            "(?i)BODY=(7BIT|8BITMIME)",
            "(?i)SMTPUTF8",
            "(?i)RET=(FULL|HDRS)",
            "(?i)ENVID=" + XTEXT);
    private static final List<String> RCPT = List.of(
            "(?i)NOTIFY=NEVER",
            "(?i)NOTIFY=(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY))*",
            "(?i)ORCPT=[!#-'*+/-9=?A-Z^-~-]+;" + XTEXT);

    @FuzzTest
    void parametersOfMailAreThoseOfTheGrammar(byte[] octets) {
        if (!isText(octets)) {
            return;
        }
        String text = new String(octets, StandardCharsets.US_ASCII);
        Command command = parse("MAIL FROM:<a@b.example> " + text);
        if (command instanceof Command.Mail mail) {
            assertThat(isMadeOf(MAIL, text)).as(text).isTrue();
            String wanted = value(text, "ENVID");
            assertThat(mail.parameters().envelopeId().orElse("")).isEqualTo(decoded(wanted));
            assertThat(mail.parameters().envelopeId().stream()).noneMatch(Text::hasControl);
            assertThat(mail.parameters().size().isPresent())
                    .isEqualTo(!value(text, "SIZE").isEmpty());
        } else {
            assertThat(command).isInstanceOf(Command.Malformed.class);
            boolean sound = isMadeOf(MAIL, text) && text.length() < 400;
            String id = decoded(value(text, "ENVID"));
            assertThat(sound && id.length() <= MailParameters.MAX_ENVELOPE_ID && id.matches("[ -~]*"))
                    .as(text)
                    .isFalse();
        }
    }

    @FuzzTest
    void parametersOfRcptAreThoseOfTheGrammar(byte[] octets) {
        if (!isText(octets)) {
            return;
        }
        String text = new String(octets, StandardCharsets.US_ASCII);
        if (parse("RCPT TO:<a@b.example> " + text) instanceof Command.Rcpt rcpt) {
            assertThat(isMadeOf(RCPT, text.replaceAll("(?i)(?<=ORCPT=utf-8;)[!-~]+", "x")))
                    .as(text)
                    .isTrue();
            rcpt.recipient().parameters().originalRecipient().ifPresent(original -> {
                assertThat(Text.hasControl(original.toString())).isFalse();
                if (!original.addressType().equalsIgnoreCase("utf-8")) {
                    assertThat(original.toString()).matches("[ -~]+");
                    String value = value(text, "ORCPT");
                    assertThat(original.address()).isEqualTo(decoded(value.substring(value.indexOf(';') + 1)));
                }
            });
        }
    }

    private static boolean isText(byte[] octets) {
        for (byte b : octets) {
            if (b < ' ' || b > '~') {
                return false;
            }
        }
        return octets.length < 1500;
    }

    private static Command parse(String line) {
        return CommandParser.parse(new Line(line.getBytes(StandardCharsets.US_ASCII), Line.Ending.CRLF), DIALECT);
    }

    private static boolean isMadeOf(List<String> grammars, String text) {
        Set<String> keywords = new HashSet<>();
        return words(text)
                .allMatch(word -> keywords.add(word.split("=", 2)[0].toUpperCase(Locale.ROOT))
                        && grammars.stream().anyMatch(word::matches));
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.split(" ", -1)).filter(word -> !word.isEmpty());
    }

    private static String value(String text, String keyword) {
        return words(text)
                .filter(word -> word.toUpperCase(Locale.ROOT).startsWith(keyword + "="))
                .map(word -> word.substring(keyword.length() + 1))
                .findFirst()
                .orElse("");
    }

    /// xtext undone, an octet a char.
    private static String decoded(String xtext) {
        StringBuilder octets = new StringBuilder();
        for (int i = 0; i < xtext.length(); i++) {
            if (xtext.charAt(i) == '+' && xtext.substring(i + 1).matches("[0-9A-Fa-f]{2}.*")) {
                octets.append((char) Integer.parseInt(xtext.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                octets.append(xtext.charAt(i));
            }
        }
        return octets.toString();
    }
}
