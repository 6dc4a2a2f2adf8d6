package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client reads of a server's EHLO, {@link Capabilities}, and what it says then, {@link CommandWriter}.
class ClientWordsTest {
    private static final Mailbox ALICE = Mailbox.parse("alice@example.org").orElseThrow();
    private static final Mailbox JORG = Mailbox.parse("jörg@bücher.example").orElseThrow();
    private static final MailParameters ALL = new MailParameters(
            OptionalLong.of(1234),
            BodyType.EIGHT_BIT_MIME,
            true,
            Optional.of(RetMode.HDRS),
            Optional.of("id+1 =x"),
            Optional.of("a=b@example.org"));

    private static Capabilities capabilities(String... lines) {
        return Capabilities.of(new Reply(250, Optional.empty(), List.of(lines)));
    }

    private static Capabilities announcing(Extension... extensions) {
        return Capabilities.of(new Reply(
                250,
                Optional.empty(),
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("mx.example"),
                                Arrays.stream(extensions).map(Extension::keyword))
                        .toList()));
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    @Test
    void anEhloReplyIsKeywordsWithParameters() {
        Capabilities server = capabilities(
                "mx.example greets you",
                "pipelining",
                "Size 10485760",
                "8BITMIME",
                "AUTH PLAIN login",
                "X-ODD a b",
                "SMTPUTF8 ");
        assertThat(server.greeting()).isEqualTo("mx.example");
        assertThat(server.has(Extension.PIPELINING)).isTrue();
        assertThat(server.has(Extension.SMTPUTF8)).isTrue();
        assertThat(server.has(Extension.STARTTLS)).isFalse();
        assertThat(server.maxSize()).hasValue(10_485_760);
        assertThat(server.authMechanisms()).containsExactly("PLAIN", "LOGIN");
        assertThat(server.parameters()).containsEntry("X-ODD", List.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource({"SIZE,", "SIZE 0,", "SIZE x,", "SIZE -5,", "SIZE 5 6,5", "SIZE 99999999999999999999,", "size 7,7"})
    void theLimitOfSizeMayBeMissing(String line, Long limit) {
        Capabilities server = capabilities("mx", line);
        assertThat(server.has(Extension.SIZE)).isTrue();
        assertThat(server.maxSize()).isEqualTo(limit == null ? OptionalLong.empty() : OptionalLong.of(limit));
    }

    @ParameterizedTest
    @CsvSource({
        "LIMITS RCPTMAX=20 MAILMAX=5, 20, 5",
        "limits mailmax=5 rcptmax=20, 20, 5",
        "LIMITS RCPTMAX=999999 MAILMAX=1, 999999, 1",
        "LIMITS RCPTMAX=1000000 MAILMAX=0, ,",
        "LIMITS RCPTMAX=00020 MAILMAX=-5, ,",
        "LIMITS RCPTMAX= MAILMAX, ,",
        "LIMITS RCPTMAX=2x MAILMAX=+5, ,",
        "LIMITS =5 RCPTMAXX=3 FUTURE=a=b RCPTMAX=7, 7,",
        "LIMITS RCPTMAX=x RCPTMAX=7, 7,",
        "LIMITS, ,",
        "XLIMITS RCPTMAX=20, ,",
    })
    void limitsAreNumbersOrNotThere(String line, Integer recipients, Integer transactions) {
        Capabilities server = capabilities("mx", line);
        assertThat(server.maxRecipients())
                .isEqualTo(recipients == null ? OptionalInt.empty() : OptionalInt.of(recipients));
        assertThat(server.maxTransactions())
                .isEqualTo(transactions == null ? OptionalInt.empty() : OptionalInt.of(transactions));
    }

    @Test
    void bothWaysToAnnounceAuthAreOne() {
        assertThat(capabilities("mx", "AUTH=LOGIN PLAIN", "AUTH PLAIN CRAM-MD5").authMechanisms())
                .containsExactlyInAnyOrder("LOGIN", "PLAIN", "CRAM-MD5");
        assertThat(capabilities("mx", "auth=Plain").authMechanisms()).containsExactly("PLAIN");
        assertThat(capabilities("mx", "AUTH").authMechanisms()).isEmpty();
    }

    @Test
    void anEmptyOrOddReplyAnnouncesNothing() {
        assertThat(capabilities("").greeting()).isEmpty();
        assertThat(capabilities("", "", "  ").has(Extension.SIZE)).isFalse();
        assertThat(Capabilities.none().has(Extension.DSN)).isFalse();
        assertThat(Capabilities.none().maxSize()).isEmpty();
        assertThat(Capabilities.none().authMechanisms()).isEmpty();
    }

    @Test
    void mailHasOnlyWhatTheServerAnnounced() {
        assertThat(text(CommandWriter.mail(ALICE, ALL, Capabilities.none())))
                .isEqualTo("MAIL FROM:<alice@example.org>\r\n");
        assertThat(text(CommandWriter.mail(ALICE, ALL, announcing(Extension.SIZE))))
                .isEqualTo("MAIL FROM:<alice@example.org> SIZE=1234\r\n");
        assertThat(text(CommandWriter.mail(ALICE, ALL, announcing(Extension.EIGHT_BIT_MIME))))
                .isEqualTo("MAIL FROM:<alice@example.org> BODY=8BITMIME\r\n");
        assertThat(text(CommandWriter.mail(ALICE, ALL, announcing(Extension.SMTPUTF8))))
                .isEqualTo("MAIL FROM:<alice@example.org> SMTPUTF8\r\n");
        assertThat(text(CommandWriter.mail(ALICE, ALL, announcing(Extension.DSN))))
                .isEqualTo("MAIL FROM:<alice@example.org> RET=HDRS ENVID=id+2B1+20+3Dx\r\n");
        assertThat(text(CommandWriter.mail(ALICE, ALL, announcing(Extension.AUTH))))
                .isEqualTo("MAIL FROM:<alice@example.org> AUTH=a+3Db@example.org\r\n");
        assertThat(text(CommandWriter.mail(new NullPath(), MailParameters.none(), announcing(Extension.values()))))
                .isEqualTo("MAIL FROM:<>\r\n");
        MailParameters underTls =
                MailParameters.none().withHandling(Handling.usual().requiringTls(true));
        assertThat(text(CommandWriter.mail(ALICE, underTls, announcing(Extension.REQUIRETLS))))
                .isEqualTo("MAIL FROM:<alice@example.org> REQUIRETLS\r\n");
        assertThat(text(CommandWriter.mail(ALICE, underTls, announcing(Extension.STARTTLS))))
                .isEqualTo("MAIL FROM:<alice@example.org>\r\n");
        assertThat(text(CommandWriter.mail(
                        ALICE,
                        MailParameters.none().withBody(BodyType.BINARY_MIME),
                        announcing(Extension.BINARY_MIME))))
                .isEqualTo("MAIL FROM:<alice@example.org> BODY=BINARYMIME\r\n");
    }

    @Test
    void rcptHasOnlyWhatTheServerAnnounced() {
        RcptParameters parameters = new RcptParameters(
                Optional.of(new Notify(Set.of(Notify.Event.FAILURE, Notify.Event.SUCCESS))),
                Optional.of(new OriginalRecipient("rfc822", "Bob+x@example.org")));
        Recipient recipient = new Recipient(ALICE, parameters);
        assertThat(text(CommandWriter.rcpt(recipient, Capabilities.none())))
                .isEqualTo("RCPT TO:<alice@example.org>\r\n");
        assertThat(text(CommandWriter.rcpt(recipient, announcing(Extension.DSN))))
                .isEqualTo("RCPT TO:<alice@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Bob+2Bx@example.org\r\n");
        assertThat(text(CommandWriter.rcpt(Recipient.of(new Postmaster()), announcing(Extension.DSN))))
                .isEqualTo("RCPT TO:<postmaster>\r\n");
    }

    @Test
    void anOriginalRecipientThatBecomesTooLongIsLeftOut() {
        RcptParameters parameters = new RcptParameters(
                Optional.of(Notify.never()), Optional.of(new OriginalRecipient("utf-8", "ü".repeat(100))));
        assertThat(text(CommandWriter.rcpt(new Recipient(ALICE, parameters), announcing(Extension.DSN))))
                .isEqualTo("RCPT TO:<alice@example.org> NOTIFY=NEVER\r\n");
    }

    @Test
    void anInternationalAddressNeedsSmtpUtf8() {
        assertThatThrownBy(() -> CommandWriter.mail(JORG, ALL, Capabilities.none()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommandWriter.rcpt(Recipient.of(JORG), Capabilities.none()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(text(CommandWriter.rcpt(Recipient.of(JORG), announcing(Extension.SMTPUTF8))))
                .isEqualTo("RCPT TO:<jörg@xn--bcher-kva.example>\r\n");
        Mailbox asciiLocal = Mailbox.parse("j@bücher.example").orElseThrow();
        assertThat(text(CommandWriter.rcpt(Recipient.of(asciiLocal), Capabilities.none())))
                .isEqualTo("RCPT TO:<j@xn--bcher-kva.example>\r\n");
    }

    @Test
    void otherCommandsAreOneLineEach() {
        assertThat(List.of(
                                CommandWriter.ehlo("a.example"),
                                CommandWriter.helo("a.example"),
                                CommandWriter.lhlo("[192.0.2.1]"),
                                CommandWriter.data(),
                                CommandWriter.bdat(0, true),
                                CommandWriter.bdat(4_294_967_301L, false),
                                CommandWriter.auth("PLAIN", Optional.of("AGEAYg==")),
                                CommandWriter.auth("LOGIN", Optional.empty()),
                                CommandWriter.authResponse(""),
                                CommandWriter.startTls(),
                                CommandWriter.rset(),
                                CommandWriter.noop(),
                                CommandWriter.quit())
                        .stream()
                        .map(ClientWordsTest::text)
                        .collect(Collectors.joining()))
                .isEqualTo("""
                        EHLO a.example
                        HELO a.example
                        LHLO [192.0.2.1]
                        DATA
                        BDAT 0 LAST
                        BDAT 4294967301
                        AUTH PLAIN AGEAYg==
                        AUTH LOGIN

                        STARTTLS
                        RSET
                        NOOP
                        QUIT
                        """.replace("\n", "\r\n"));
        assertThatThrownBy(() -> CommandWriter.bdat(-1, true)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\r\nRCPT TO:<x@y>", "\0", "\u0085", "\u2028", "\t"})
    void noEndOfLineGetsIntoACommand(String injected) {
        assertThatThrownBy(() -> CommandWriter.ehlo("a" + injected)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommandWriter.auth("PLAIN", Optional.of(injected)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommandWriter.auth("X" + injected, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CommandWriter.authResponse(injected)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OriginalRecipient("rfc822", "a" + injected))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OriginalRecipient("rfc822" + injected, "a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MailParameters(
                        OptionalLong.empty(),
                        BodyType.SEVEN_BIT,
                        false,
                        Optional.empty(),
                        Optional.of("a" + injected),
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MailParameters(
                        OptionalLong.empty(),
                        BodyType.SEVEN_BIT,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("a@b" + injected)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheClientWritesTheServerReads() {
        Capabilities all = announcing(Extension.values());
        Dialect dialect = Dialect.of(Dialect.Protocol.SMTP, EnumSet.allOf(Extension.class));
        assertThat(read(CommandWriter.mail(JORG, ALL, all), dialect)).isEqualTo(new Command.Mail(JORG, ALL));
        Recipient recipient = new Recipient(
                JORG, new RcptParameters(Optional.of(Notify.byDefault()), Optional.of(OriginalRecipient.of(JORG))));
        assertThat(read(CommandWriter.rcpt(recipient, all), dialect.inTransaction(true)))
                .isEqualTo(new Command.Rcpt(recipient));
        Recipient quoted = new Recipient(
                Mailbox.parse("\"a+b =\"@example.org").orElseThrow(),
                new RcptParameters(Optional.empty(), Optional.of(new OriginalRecipient("rfc822", "a+b =c"))));
        assertThat(read(CommandWriter.rcpt(quoted, all), dialect)).isEqualTo(new Command.Rcpt(quoted));
        assertThat(read(CommandWriter.bdat(7, true), dialect)).isEqualTo(new Command.Bdat(7, true));
    }

    private static Command read(byte[] line, Dialect dialect) {
        return CommandParser.parse(new Line(Arrays.copyOf(line, line.length - 2), Line.Ending.CRLF), dialect);
    }
}
