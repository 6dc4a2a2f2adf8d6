package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandParserTest {
    private static final Dialect SMTP =
            Dialect.of(Dialect.Protocol.SMTP, EnumSet.complementOf(EnumSet.of(Extension.BINARY_MIME)));

    private static Command parse(String line) {
        return CommandParser.parse(new Line(line.getBytes(StandardCharsets.UTF_8), Line.Ending.CRLF), SMTP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "MAIL FROM:<>                               |",
                "mail from:<alice@example.org>              | alice@example.org",
                "MAIL FROM: <alice@EXAMPLE.org> SIZE=5      | alice@example.org",
                "MAIL FROM:<@a.example,@b.example:alice@c.example> | alice@c.example",
                "MAIL FROM:<\"odd one\"@example.org>        | \"odd one\"@example.org",
                "MAIL FROM:<\"\\a\\b\"@example.org>         | ab@example.org",
                "MAIL FROM:<bob@[192.0.2.1]>                | bob@[192.0.2.1]",
                "MAIL FROM:<bob@[IPv6:2001:DB8::1]>         | bob@[IPv6:2001:db8:0:0:0:0:0:1]",
                "MAIL FROM:<bob@[IPv6:::ffff:192.0.2.1]>    | bob@[192.0.2.1]",
                "MAIL FROM:<ü@bücher.example> SMTPUTF8      | ü@xn--bcher-kva.example",
            })
    void mailHasItsReversePath(String line, String path) {
        assertThat(parse(line))
                .isInstanceOfSatisfying(
                        Command.Mail.class,
                        mail -> assertThat(mail.reversePath()).hasToString(path == null ? "" : path));
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL FROM:alice@example.org, 501 5.5.4",
        "MAIL FROM:<alice>, 501 5.1.7",
        "MAIL FROM:<alice@>, 501 5.1.7",
        "MAIL FROM:<ü@example.org>, 553 5.6.7",
        "RCPT TO:<>, 501 5.1.3",
        "RCPT TO:<a@b@c>, 501 5.1.3",
        "RCPT TO:<a@b> X=Y, 555 5.5.4",
        "MAIL FROM:<a@b> SIZE=1 size=2, 501 5.5.4",
        "HELO, 501 5.5.4",
        "DATA now, 501 5.5.4",
    })
    void whatTheGrammarDoesNotHaveIsRefused(String line, String reply) {
        assertThat(parse(line))
                .isInstanceOfSatisfying(
                        Command.Malformed.class,
                        malformed -> assertThat(malformed.reply().toString()).startsWith(reply));
    }
}
