package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
    private static final Set<Extension> ALL_BUT_BINARY = EnumSet.complementOf(EnumSet.of(Extension.BINARY_MIME));
    private static final Dialect SMTP = Dialect.of(Dialect.Protocol.SMTP, ALL_BUT_BINARY);
    private static final Dialect LMTP = Dialect.of(Dialect.Protocol.LMTP, ALL_BUT_BINARY);
    private static final Dialect PLAIN = Dialect.of(Dialect.Protocol.SMTP, Set.of());

    private static Command parse(String line, Dialect dialect) {
        return CommandParser.parse(new Line(line.getBytes(StandardCharsets.UTF_8), Line.Ending.CRLF), dialect);
    }

    private static Command parse(String line) {
        return parse(line, SMTP);
    }

    /// Code and status of the refusal of a line, and what kind it is where that matters.
    private static String refusal(Command command) {
        return switch (command) {
            case Command.Malformed malformed -> codes(malformed.reply());
            case Command.MalformedBdat malformed -> codes(malformed.reply()) + " swallow " + malformed.length();
            case Command.UnreadableBdat unreadable -> codes(unreadable.reply()) + " end";
            case Command.Unrecognised unrecognised -> "unrecognised " + unrecognised.verb();
            default -> "none: " + command;
        };
    }

    private static String codes(Reply reply) {
        return reply.code() + " " + reply.status().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "HELO a.example            | Helo[client=a.example]",
                "helo a_b!                 | Helo[client=a_b!]",
                "EHLO [192.0.2.1]          | Ehlo[client=[192.0.2.1]]",
                "EHLO   a.example          | Ehlo[client=a.example]",
                "DATA                      | Data[]",
                "Data  \t                  | Data[]",
                "RSET                      | Rset[]",
                "QUIT                      | Quit[]",
                "NOOP                      | Noop[]",
                "NOOP whatever it is <>    | Noop[]",
                "HELP                      | Help[text=]",
                "HELP MAIL                 | Help[text=MAIL]",
                "VRFY <a@b.example>        | Vrfy[text=<a@b.example>]",
                "VRFY Joe User             | Vrfy[text=Joe User]",
                "VRFY jörg SMTPUTF8        | Vrfy[text=jörg]",
                "EXPN list                 | Expn[text=list]",
                "STARTTLS                  | StartTls[]",
                "AUTH plain                | Auth[mechanism=PLAIN]",
                "ETRN Branch.Example.ORG   | Etrn[node=branch.example.org]",
                "XCLIENT ADDR=192.0.2.1    | XClient[client=ClientAttributes[values={ADDR=Optional[192.0.2.1]}]]",
                "xclient name=a+2Eb        | XClient[client=ClientAttributes[values={NAME=Optional[a.b]}]]",
                "XCLIENT ADDR=IPV6:::1     | XClient[client=ClientAttributes[values={ADDR=Optional[IPV6:::1]}]]",
                "XCLIENT HELO=[UNAVAILABLE] | XClient[client=ClientAttributes[values={HELO=Optional.empty}]]",
                "XCLIENT PORT=[TEMPUNAVAIL] | XClient[client=ClientAttributes[values={PORT=Optional.empty}]]",
                "XFORWARD IDENT=a+20b      | XForward[client=ClientAttributes[values={IDENT=Optional[a b]}]]",
                "AUTH SCRAM-SHA-256 biws   | Auth[mechanism=SCRAM-SHA-256]",
                "AUTH PLAIN =              | Auth[mechanism=PLAIN]",
                "BDAT 0                    | Bdat[length=0, last=false]",
                "BDAT 5 LAST               | Bdat[length=5, last=true]",
                "bdat 0005 last            | Bdat[length=5, last=true]",
                "BDAT  5  LAST             | Bdat[length=5, last=true]",
                "BDAT 4294967301           | Bdat[length=4294967301, last=false]",
                "BDAT 9223372036854775807  | Bdat[length=9223372036854775807, last=false]",
                "BDAT 00000000000000000000000005 | Bdat[length=5, last=false]",
            })
    void commandsAreRead(String line, String command) {
        assertThat(parse(line)).hasToString(command);
    }

    @Test
    void authKeepsItsInitialResponseAndDoesNotShowIt() {
        assertThat(parse("AUTH PLAIN AGEAYg==")).isInstanceOfSatisfying(Command.Auth.class, auth -> {
            assertThat(auth.initialResponse()).contains("AGEAYg==");
            assertThat(auth.toString()).doesNotContain("AGEAYg");
        });
        assertThat(parse("AUTH PLAIN ="))
                .isInstanceOfSatisfying(
                        Command.Auth.class,
                        auth -> assertThat(auth.initialResponse()).contains("="));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "HELO                      | 501 5.5.4",
                "EHLO                      | 501 5.5.4",
                "EHLO a b                  | 501 5.5.4",
                "EHLO a\u00e9              | 501 5.5.4",
                "DATA now                  | 501 5.5.4",
                "RSET x                    | 501 5.5.4",
                "QUIT x                    | 501 5.5.4",
                "STARTTLS x                | 501 5.5.4",
                "ETRN                      | 501 5.5.4",
                "ETRN @example.org         | 501 5.5.4",
                "ETRN #queue               | 501 5.5.4",
                "XCLIENT                   | 501 5.5.4",
                "XCLIENT IDENT=x           | 501 5.5.4",
                "XCLIENT HELO=a+0D+0Ab     | 501 5.5.4",
                "XCLIENT HELO=a+2B0Ab HELO=x | 501 5.5.4",
                "XFORWARD LOGIN=x          | 501 5.5.4",
                "VRFY                      | 501 5.5.4",
                "VRFY SMTPUTF8             | none: Vrfy[text=SMTPUTF8]",
                "EXPN                      | 501 5.5.4",
                "VRFY jörg                 | 553 5.6.7",
                "AUTH                      | 501 5.5.4",
                "AUTH a.b                  | 501 5.5.4",
                "AUTH ABCDEFGHIJKLMNOPQRSTU | 501 5.5.4",
                "AUTH PLAIN a b            | 501 5.5.4",
                "AUTH PLAIN  ab==          | 501 5.5.4",
                "AUTH PLAIN a              | 501 5.5.2",
                "AUTH PLAIN ==             | 501 5.5.2",
                "AUTH PLAIN ab=            | 501 5.5.2",
                "AUTH PLAIN ab==cdef       | 501 5.5.2",
                "AUTH PLAIN abcd*          | 501 5.5.2",
                "LHLO a                    | unrecognised LHLO",
                "HELOa.example             | unrecognised HELOA.EXAMPLE",
                "GET / HTTP/1.1            | unrecognised GET",
                "XÜ                        | unrecognised X??",
                "MAILFROM:<a@b.example>    | unrecognised MAILFROM:<A@B.EXAMPLE>",
                "DATA\u2003                | unrecognised DATA???",
            })
    void whatTheGrammarDoesNotHaveIsRefused(String line, String refusal) {
        assertThat(refusal(parse(line))).isEqualTo(refusal);
    }

    @Test
    void theEmptyLineIsNoCommand() {
        assertThat(refusal(parse(""))).isEqualTo("unrecognised ");
        assertThat(refusal(parse("   "))).isEqualTo("unrecognised ");
    }

    @Test
    void anUnknownVerbIsCut() {
        assertThat(refusal(parse("x".repeat(400)))).isEqualTo("unrecognised " + "X".repeat(32));
    }

    @Test
    void lmtpHasItsOwnGreeting() {
        assertThat(parse("LHLO a", LMTP)).isEqualTo(new Command.Lhlo("a"));
        assertThat(refusal(parse("EHLO a", LMTP))).isEqualTo("unrecognised EHLO");
        assertThat(refusal(parse("HELO a", LMTP))).isEqualTo("unrecognised HELO");
        assertThat(parse("RCPT TO:<a@b.example>", LMTP)).isInstanceOf(Command.Rcpt.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HELO a", "MAIL FROM:<a@b.example>", "DATA", "NOOP", "AUTH PLAIN", "RCPT TO:<a@b.example>"})
    void theCaseOfAVerbDoesNotMatterInAnyLanguage(String line) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr"));
            assertThat(parse(line.toLowerCase(Locale.ROOT)).getClass())
                    .isEqualTo(parse(line).getClass());
        } finally {
            Locale.setDefault(before);
        }
    }

    /// The octets behind a BDAT that cannot be obeyed: swallowed where the command tells their
    /// number; where it names one that nobody can read the session has to end, since they could be
    /// anything.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "BDAT                      | 501 5.5.4",
                "BDAT LAST                 | 501 5.5.4 end",
                "BDAT +5                   | 501 5.5.4 swallow 5",
                "BDAT -5                   | 501 5.5.4 end",
                "BDAT 0x10                 | 501 5.5.4 end",
                "BDAT 10h                  | 501 5.5.4 end",
                "BDAT 5LAST                | 501 5.5.4 end",
                "BDAT 5.0                  | 501 5.5.4 end",
                "BDAT 5e3                  | 501 5.5.4 end",
                "BDAT 5,000                | 501 5.5.4 end",
                "BDAT ٥                    | 501 5.5.4 end",
                "BDAT 5\u00a0LAST          | 501 5.5.4 end",
                "BDAT 5\tLAST              | 500 5.5.2 end",
                "BDAT 5 6                  | 501 5.5.4 swallow 5",
                "BDAT 5 LAST 6             | 501 5.5.4 swallow 5",
                "BDAT 5 LASTLY             | 501 5.5.4 swallow 5",
                "BDAT 4294967301 X         | 501 5.5.4 swallow 4294967301",
                "BDAT 9223372036854775808  | 501 5.5.4 end",
                "BDAT 18446744073709551621 | 501 5.5.4 end",
            })
    void oddBdatIsRefusedAndTellsWhatFollows(String line, String refusal) {
        assertThat(refusal(parse(line))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @EnumSource(names = {"BARE_LF", "CONTROL", "TOO_LONG"})
    void aBdatOnAnUnfitLineStillTellsWhatFollows(Line.Ending ending) {
        Line line = new Line("BDAT 70 LAST".getBytes(StandardCharsets.US_ASCII), ending);
        assertThat(refusal(CommandParser.parse(line, SMTP))).isEqualTo("500 5.5.2 swallow 70");
    }

    @ParameterizedTest
    @CsvSource({
        "NOOP, BARE_LF, 500 5.5.2",
        "NOOP, CONTROL, 500 5.5.2",
        "NOOP, TOO_LONG, 500 5.5.2",
        "AUTH PLAIN, TOO_LONG, 500 5.5.6",
        "gibberish, BARE_LF, 500 5.5.2",
        "gibberish, TOO_LONG, 500 5.5.2",
    })
    void unfitLinesAreRefusedWhateverTheyHold(String words, Line.Ending ending, String refusal) {
        Line line = new Line(words.getBytes(StandardCharsets.US_ASCII), ending);
        assertThat(refusal(CommandParser.parse(line, SMTP))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "'NOOP ', 512, 500 5.5.2",
        "'gibberish ', 512, 500 5.5.2",
        "'VRFY ', 2048, 500 5.5.2",
        "'AUTH PLAIN ', 12288, 500 5.5.6",
    })
    void linesHaveTheirLimits(String beginning, int limit, String refusal) {
        String fits = beginning + "a".repeat(limit - 2 - beginning.length());
        assertThat(refusal(parse(fits))).isNotEqualTo(refusal);
        assertThat(refusal(parse(fits + "a"))).isEqualTo(refusal);
        assertThat(fits.length()).isLessThanOrEqualTo(CommandParser.MAX_LINE);
    }

    /// Control characters within the words of a command: C0, DEL, C1 with NEL, the separators of
    /// lines and paragraphs.
    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x08, 0x09, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029})
    void controlCharactersAreRefusedEverywhere(int control) {
        String c = Character.toString(control);
        for (String line : new String[] {
            "HELO a" + c + "b",
            "NOOP " + c + "x",
            "MAIL FROM:<\"a" + c + "b\"@c.example> SMTPUTF8",
            "MAIL FROM:<a@b.example> SMTPUTF8 ENVID=" + c + "x",
            "VRFY a" + c + "b SMTPUTF8",
        }) {
            assertThat(refusal(parse(line))).as(line).isEqualTo("500 5.5.2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff",
                "\u00c0\u0080",
                "\u00c0\u00af",
                "\u00e0\u0080\u008a",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00c3",
                "\u00e2\u0082",
                "\u0085"
            })
    void whatIsNotUtf8IsRefused(String octets) {
        for (String beginning : new String[] {"NOOP ", "MAIL FROM:<", "EHLO ", "VRFY "}) {
            Line line = new Line((beginning + octets).getBytes(StandardCharsets.ISO_8859_1), Line.Ending.CRLF);
            assertThat(refusal(CommandParser.parse(line, SMTP))).as(beginning).isEqualTo("501 5.5.2");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "MAIL FROM:<>                               |",
                "mail from:<alice@example.org>              | alice@example.org",
                "MAIL   FROM:<alice@example.org>            | alice@example.org",
                "MAIL FROM: <alice@EXAMPLE.org> SIZE=5      | alice@example.org",
                "MAIL FROM:<@a.example,@b.example:alice@c.example> | alice@c.example",
                "MAIL FROM:<@a.example:alice@c.example>     | alice@c.example",
                "MAIL FROM:<\"odd one\"@example.org>        | \"odd one\"@example.org",
                "MAIL FROM:<\"\\a\\b\"@example.org>         | ab@example.org",
                "MAIL FROM:<bob@[192.0.2.1]>                | bob@[192.0.2.1]",
                "MAIL FROM:<ü@bücher.example> SMTPUTF8      | ü@xn--bcher-kva.example",
                "MAIL FROM:<u@bücher.example> smtputf8      | u@xn--bcher-kva.example",
            })
    void mailHasItsReversePath(String line, String path) {
        assertThat(parse(line))
                .isInstanceOfSatisfying(
                        Command.Mail.class,
                        mail -> assertThat(mail.reversePath()).hasToString(path == null ? "" : path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "MAIL                             | 501 5.5.4",
                "MAIL FROM                        | 501 5.5.4",
                "MAIL FROM:                       | 501 5.5.4",
                "MAIL TO:<a@b.example>            | 501 5.5.4",
                "MAIL FROM :<a@b.example>         | 501 5.5.4",
                "MAIL FROM:alice@example.org      | 501 5.5.4",
                "MAIL FROM:\"a\" <a@b.example>    | 501 5.5.4",
                "MAIL FROM:<alice>                | 501 5.1.7",
                "MAIL FROM:<postmaster>           | 501 5.1.7",
                "MAIL FROM:< >                    | 501 5.1.7",
                "MAIL FROM:<<a@b.example>>        | 501 5.1.7",
                "MAIL FROM:<a@b.example>>         | 501 5.5.4",
                "MAIL FROM:<a@b.example           | 501 5.1.7",
                "MAIL FROM:<a@b.example>SIZE=5    | 501 5.5.4",
                "MAIL FROM:<>SIZE=5               | 501 5.5.4",
                "MAIL FROM:<@a.example,b.example:a@c.example> | 501 5.1.7",
                "MAIL FROM:<@a.example,@b.example a@c.example> | 501 5.1.7",
                "MAIL FROM:<@a.example:>          | 501 5.1.7",
                "MAIL FROM:<ü@example.org>        | 553 5.6.7",
                "MAIL FROM:<u@bücher.example>     | 553 5.6.7",
                "MAIL FROM:<\"ü\"@example.org>    | 553 5.6.7",
                "MAIL FROM:<a@b.example> ENVID=ü  | 501 5.5.4",
                "RCPT TO:<>                       | 501 5.1.3",
                "RCPT TO:a@b.example              | 501 5.5.4",
                "RCPT TO:<a@b@c.example>          | 501 5.1.3",
                "RCPT FROM:<a@b.example>          | 501 5.5.4",
                "RCPT TO:<ü@example.org>          | 553 5.6.7",
            })
    void badPathsAreRefused(String line, String refusal) {
        assertThat(refusal(parse(line))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postmaster", "Postmaster", "POSTMASTER"})
    void postmasterNeedsNoDomain(String name) {
        assertThat(parse("RCPT TO:<" + name + ">")).isEqualTo(new Command.Rcpt(Recipient.of(new Postmaster())));
        assertThat(parse("RCPT TO:<" + name + "@example.org>"))
                .isInstanceOfSatisfying(
                        Command.Rcpt.class,
                        rcpt -> assertThat(rcpt.recipient().path()).isInstanceOf(Mailbox.class));
    }

    @Test
    void recipientsHoldUtf8OnlyWithinAnInternationalTransaction() {
        String line = "RCPT TO:<ü@bücher.example> ORCPT=utf-8;ü@b";
        assertThat(refusal(parse(line, SMTP.inTransaction(false)))).isEqualTo("553 5.6.7");
        assertThat(parse(line, SMTP.inTransaction(true))).isInstanceOfSatisfying(Command.Rcpt.class, rcpt -> {
            assertThat(rcpt.recipient().path()).hasToString("ü@xn--bcher-kva.example");
            assertThat(rcpt.recipient().parameters().originalRecipient())
                    .contains(new OriginalRecipient("utf-8", "ü@b"));
        });
        assertThat(refusal(parse("RCPT TO:<u@b.example> ORCPT=utf-8;ü@b"))).isEqualTo("501 5.6.7");
    }

    @Test
    void mailHasItsParameters() {
        assertThat(
                        parse(
                                "MAIL FROM:<> SIZE=12 BODY=8bitmime SMTPUTF8 RET=hdrs ENVID=a+2Bb+20c AUTH=e+3Dmc2@example.org"))
                .isInstanceOfSatisfying(Command.Mail.class, mail -> {
                    MailParameters parameters = mail.parameters();
                    assertThat(parameters.size()).hasValue(12);
                    assertThat(parameters.body()).isEqualTo(BodyType.EIGHT_BIT_MIME);
                    assertThat(parameters.smtpUtf8()).isTrue();
                    assertThat(parameters.ret()).contains(RetMode.HDRS);
                    assertThat(parameters.envelopeId()).contains("a+b c");
                    assertThat(parameters.auth()).contains("e=mc2@example.org");
                });
        assertThat(parse("MAIL FROM:<>")).isEqualTo(new Command.Mail(new NullPath(), MailParameters.none()));
        assertThat(parse("MAIL FROM:<> AUTH=<>"))
                .isInstanceOfSatisfying(
                        Command.Mail.class,
                        mail -> assertThat(mail.parameters().auth()).contains(""));
        assertThat(parse("MAIL FROM:<>  SIZE=18446744073709551621"))
                .isInstanceOfSatisfying(
                        Command.Mail.class,
                        mail -> assertThat(mail.parameters().size()).hasValue(Long.MAX_VALUE));
        assertThat(parse("MAIL FROM:<> BODY=7BIT"))
                .isInstanceOfSatisfying(
                        Command.Mail.class,
                        mail -> assertThat(mail.parameters().body()).isEqualTo(BodyType.SEVEN_BIT));
    }

    @Test
    void rcptHasItsParameters() {
        assertThat(parse("RCPT TO:<a@b.example> NOTIFY=success,Delay ORCPT=rfc822;Bob+2BX@b.example"))
                .isInstanceOfSatisfying(Command.Rcpt.class, rcpt -> {
                    RcptParameters parameters = rcpt.recipient().parameters();
                    assertThat(parameters.notifyOn())
                            .contains(new Notify(Set.of(Notify.Event.SUCCESS, Notify.Event.DELAY)));
                    assertThat(parameters.originalRecipient())
                            .contains(new OriginalRecipient("rfc822", "Bob+X@b.example"));
                });
        assertThat(parse("RCPT TO:<a@b.example> NOTIFY=NEVER ORCPT=utf-8;\\x{FC}@b.example"))
                .isInstanceOfSatisfying(Command.Rcpt.class, rcpt -> {
                    RcptParameters parameters = rcpt.recipient().parameters();
                    assertThat(parameters.notifyOn()).contains(Notify.never());
                    assertThat(parameters.originalRecipient()).contains(new OriginalRecipient("utf-8", "ü@b.example"));
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "SIZE=                | 501 5.5.4",
                "SIZE                 | 501 5.5.4",
                "SIZE=-1              | 501 5.5.4",
                "SIZE=+1              | 501 5.5.4",
                "SIZE=1k              | 501 5.5.4",
                "SIZE=000000000000000000001 | 501 5.5.4",
                "SIZE=1 SIZE=1        | 501 5.5.4",
                "SIZE=1 size=2        | 501 5.5.4",
                "BODY                 | 501 5.5.4",
                "BODY=9BIT            | 501 5.5.4",
                "BODY=BINARYMIME      | 555 5.5.4",
                "SMTPUTF8=yes         | 501 5.5.4",
                "SMTPUTF8=            | 501 5.5.4",
                "RET=BODY             | 501 5.5.4",
                "RET                  | 501 5.5.4",
                "ENVID                | 501 5.5.4",
                "ENVID=+0Ax           | 501 5.5.4",
                "ENVID=a+0D+0ARCPT    | 501 5.5.4",
                "ENVID=+C2+85         | 501 5.5.4",
                "ENVID=+E9            | 501 5.5.4",
                "ENVID=+C3+A9         | 501 5.5.4",
                "ENVID=a+2            | 501 5.5.4",
                "ENVID=a+             | 501 5.5.4",
                "ENVID=a=b            | 501 5.5.4",
                "AUTH                 | 501 5.5.4",
                "AUTH=me              | 501 5.5.4",
                "AUTH=+0D             | 501 5.5.4",
                "NOTIFY=NEVER         | 555 5.5.4",
                "X=Y                  | 555 5.5.4",
                "XYZZY                | 555 5.5.4",
                "=Y                   | 501 5.5.4",
                "-X=Y                 | 501 5.5.4",
                "X_Y=Z                | 501 5.5.4",
            })
    void badParametersOfMailAreRefused(String parameter, String refusal) {
        assertThat(refusal(parse("MAIL FROM:<a@b.example> " + parameter))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "NOTIFY                  | 501 5.5.4",
                "NOTIFY=                 | 501 5.5.4",
                "NOTIFY=NEVER,DELAY      | 501 5.5.4",
                "NOTIFY=DELAY,           | 501 5.5.4",
                "NOTIFY=OFTEN            | 501 5.5.4",
                "NOTIFY=DELAY NOTIFY=DELAY | 501 5.5.4",
                "ORCPT=a@b.example       | 501 5.5.4",
                "ORCPT=;a                | 501 5.5.4",
                "ORCPT=rfc822;           | 501 5.5.4",
                "ORCPT=rfc 822;a         | 501 5.5.4",
                "ORCPT=a(b);a            | 501 5.5.4",
                "ORCPT=rfc822;a+0D+0Ab   | 501 5.5.4",
                "ORCPT=rfc822;a+00b      | 501 5.5.4",
                "ORCPT=rfc822;+C3+BC     | 501 5.5.4",
                "ORCPT=rfc822;+E2+80+A8  | 501 5.5.4",
                "ORCPT=utf-8;\\x{0D}     | 501 5.5.4",
                "ORCPT=utf-8;\\x{2028}   | 501 5.5.4",
                "ORCPT=utf-8;\\x{85}     | 501 5.5.4",
                "ORCPT=utf-8;\\x{D800}   | 501 5.5.4",
                "ORCPT=utf-8;\\x{110000} | 501 5.5.4",
                "ORCPT=utf-8;\\x{41      | 501 5.5.4",
                "ORCPT=utf-8;a+2Bb       | 501 5.5.4",
                "SIZE=1                  | 555 5.5.4",
            })
    void badParametersOfRcptAreRefused(String parameter, String refusal) {
        assertThat(refusal(parse("RCPT TO:<a@b.example> " + parameter))).isEqualTo(refusal);
    }

    @Test
    void anOriginalRecipientHasUpTo500Octets() {
        String value = "rfc822;" + "a".repeat(493);
        assertThat(parse("RCPT TO:<a@b.example> ORCPT=" + value)).isInstanceOf(Command.Rcpt.class);
        assertThat(refusal(parse("RCPT TO:<a@b.example> ORCPT=" + value + "a"))).isEqualTo("501 5.5.4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE=1", "BODY=8BITMIME", "SMTPUTF8", "RET=FULL", "ENVID=x", "AUTH=<>", "REQUIRETLS"})
    void parametersThatWereNotAnnouncedAreNotKnown(String parameter) {
        assertThat(refusal(parse("MAIL FROM:<a@b.example> " + parameter, PLAIN)))
                .isEqualTo("555 5.5.4");
    }

    @Test
    void binaryMimeIsABodyWhereItWasAnnounced() {
        Dialect binary = Dialect.of(Dialect.Protocol.SMTP, EnumSet.allOf(Extension.class));
        assertThat(parse("MAIL FROM:<> BODY=BINARYMIME", binary))
                .isInstanceOfSatisfying(
                        Command.Mail.class,
                        mail -> assertThat(mail.parameters().body()).isEqualTo(BodyType.BINARY_MIME));
    }

    @ParameterizedTest
    @CsvSource({
        "REQUIRETLS, taken",
        "requiretls, taken",
        "REQUIRETLS=yes, 501 5.5.4",
        "REQUIRETLS=, 501 5.5.4",
        "REQUIRETLS REQUIRETLS, 501 5.5.4",
        "XREQUIRETLS, 555 5.5.4",
    })
    void requireTlsHasNoValue(String parameter, String outcome) {
        Dialect all = Dialect.of(Dialect.Protocol.SMTP, EnumSet.allOf(Extension.class));
        Command command = parse("MAIL FROM:<a@b.example> " + parameter, all);
        if (outcome.equals("taken")) {
            assertThat(command)
                    .isInstanceOfSatisfying(
                            Command.Mail.class,
                            mail -> assertThat(mail.parameters().handling().requireTls())
                                    .isTrue());
        } else {
            assertThat(refusal(command)).isEqualTo(outcome);
        }
    }

    @Test
    void pathsHaveUpTo256Octets() {
        String local = "a".repeat(64);
        String domain = "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(61);
        assertThat(local + "@" + domain).hasSize(254);
        assertThat(parse("RCPT TO:<" + local + "@" + domain + ">")).isInstanceOf(Command.Rcpt.class);
        assertThat(refusal(parse("RCPT TO:<" + local + "@" + domain + "d>"))).isEqualTo("501 5.1.3");
        assertThat(refusal(parse("RCPT TO:<" + local + "a@b.example>"))).isEqualTo("501 5.1.3");
        assertThat(refusal(parse("RCPT TO:<@x.example:" + local + "@" + domain + ">")))
                .isEqualTo("501 5.1.3");
        assertThat(Optional.of(refusal(parse("MAIL FROM:<" + "ü".repeat(33) + "@b.example> SMTPUTF8"))))
                .contains("501 5.1.7");
    }
}
