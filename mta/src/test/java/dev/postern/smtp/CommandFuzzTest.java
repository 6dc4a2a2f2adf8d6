package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.wire.Deadline;
import dev.postern.wire.Line;
import dev.postern.wire.MemoryConnection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// The parsers of this package: they never throw, what they read has no way to end a line, and what they read can be
/// written and read again.
class CommandFuzzTest {
    private static final Capabilities EVERYTHING = Capabilities.of(new Reply(
            250,
            Optional.empty(),
            List.of(
                    "mx",
                    "SIZE",
                    "8BITMIME",
                    "BINARYMIME",
                    "SMTPUTF8",
                    "DSN",
                    "AUTH PLAIN",
                    "CHUNKING",
                    "REQUIRETLS",
                    "FUTURERELEASE",
                    "DELIVERBY",
                    "MT-PRIORITY")));

    @FuzzTest
    void commandsAreReadOrRefused(FuzzedDataProvider data) {
        Dialect.Protocol protocol = data.pickValue(Dialect.Protocol.values());
        Line.Ending ending = data.pickValue(Line.Ending.values());
        Dialect dialect = Dialect.of(protocol, EnumSet.allOf(Extension.class)).inTransaction(data.consumeBoolean());
        check(CommandParser.parse(new Line(data.consumeRemainingAsBytes(), ending), dialect), dialect);
    }

    @FuzzTest
    void linesAreCommandsOrRefused(byte[] line) {
        Dialect dialect = Dialect.of(Dialect.Protocol.SMTP, EnumSet.allOf(Extension.class))
                .inTransaction(true);
        check(CommandParser.parse(new Line(line, Line.Ending.CRLF), dialect), dialect);
    }

    private static void check(Command command, Dialect dialect) {
        assertThat(Text.hasControl(command.toString())).isFalse();
        switch (command) {
            case Command.Mail mail ->
                assertThat(readAgain(CommandWriter.mail(mail.reversePath(), mail.parameters(), EVERYTHING), dialect))
                        .isEqualTo(mail);
            case Command.Rcpt rcpt -> checkRcpt(rcpt, dialect);
            case Command.Bdat bdat ->
                assertThat(readAgain(CommandWriter.bdat(bdat.length(), bdat.last()), dialect))
                        .isEqualTo(bdat);
            case Command.MalformedBdat malformed ->
                assertThat(malformed.length()).isNotNegative();
            case Command.Malformed malformed ->
                assertThat(malformed.reply().isPermanent()).isTrue();
            case Command.UnreadableBdat unreadable ->
                assertThat(unreadable.reply().isPermanent()).isTrue();
            case Command.Auth auth ->
                assertThat(readAgain(CommandWriter.auth(auth.mechanism(), auth.initialResponse()), dialect))
                        .isEqualTo(auth);
            case Command.Helo helo -> assertThat(helo.client()).isNotEmpty().doesNotContain(" ");
            case Command.Ehlo ehlo -> assertThat(ehlo.client()).isNotEmpty().doesNotContain(" ");
            case Command.Lhlo lhlo -> assertThat(lhlo.client()).isNotEmpty().doesNotContain(" ");
            case Command.Vrfy vrfy -> assertThat(vrfy.text()).isNotEmpty();
            case Command.Expn expn -> assertThat(expn.text()).isNotEmpty();
            case Command.Help help -> assertThat(help.text()).doesNotStartWith(" ");
            case Command.Etrn(DomainName node) -> assertThat(node.isHostName()).isTrue();
            case Command.XClient(ClientAttributes client) -> checkAttributes(client);
            case Command.XForward(ClientAttributes client) -> checkAttributes(client);
            case Command.Unrecognised unrecognised ->
                assertThat(unrecognised.verb()).matches("[!-~]{0,32}");
            case Command.Data _, Command.Rset _, Command.Noop _, Command.Quit _, Command.StartTls _ ->
                assertThat(command.toString()).endsWith("[]");
        }
    }

    /// Each value that was read can be written and read again, whatever it holds.
    private static void checkAttributes(ClientAttributes client) {
        assertThat(client.isEmpty()).isFalse();
        client.values()
                .forEach((attribute, value) -> value.ifPresent(text -> {
                    assertThat(Text.hasControl(text)).isFalse();
                    assertThat(attribute.admits(Xtext.decode(Xtext.encode(text)).orElseThrow()))
                            .isTrue();
                }));
        assertThat(client.port(ClientAttribute.PORT)).isBetween(0, 65535);
        assertThat(client.words().values()).doesNotContain("");
    }

    /// An ORCPT whose coding grows beyond its limit is left out, so it may be missing when it is read again.
    private static void checkRcpt(Command.Rcpt rcpt, Dialect dialect) {
        Command again = readAgain(CommandWriter.rcpt(rcpt.recipient(), EVERYTHING), dialect);
        if (!again.equals(rcpt)) {
            RcptParameters parameters = rcpt.recipient().parameters();
            assertThat(parameters.originalRecipient().orElseThrow().address().length())
                    .isGreaterThan(60);
            RcptParameters without = new RcptParameters(parameters.notifyOn(), Optional.empty());
            assertThat(again)
                    .isEqualTo(new Command.Rcpt(new Recipient(rcpt.recipient().path(), without)));
        }
    }

    private static Command readAgain(byte[] written, Dialect dialect) {
        assertThat(new String(written, StandardCharsets.ISO_8859_1)).matches("[^\r\n\0]*\r\n");
        return CommandParser.parse(new Line(Arrays.copyOf(written, written.length - 2), Line.Ending.CRLF), dialect);
    }

    @FuzzTest
    void pathsComeBack(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        Mailbox.parse(text).ifPresent(mailbox -> {
            assertThat(Text.hasControl(mailbox.toString())).isFalse();
            assertThat(Mailbox.parse(mailbox.toString())).contains(mailbox);
        });
        ReversePath.parse(text)
                .ifPresent(
                        path -> assertThat(ReversePath.parse(path.toString())).contains(path));
        ForwardPath.parse(text)
                .ifPresent(
                        path -> assertThat(ForwardPath.parse(path.toString())).contains(path));
        DomainName.parse(text)
                .ifPresent(name -> assertThat(DomainName.parse(name.toString())).contains(name));
    }

    @FuzzTest
    void codingsComeBack(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        Xtext.decode(text)
                .ifPresent(decoded ->
                        assertThat(Xtext.decode(Xtext.encode(decoded))).contains(decoded));
        Utf8AddrXtext.decode(text)
                .ifPresent(decoded -> assertThat(Utf8AddrXtext.decode(Utf8AddrXtext.encode(decoded)))
                        .contains(decoded));
        if (!Text.hasControl(text)) {
            assertThat(Xtext.decode(Xtext.encode(text))).contains(text);
            assertThat(Utf8AddrXtext.decode(Utf8AddrXtext.encode(text))).contains(text);
        }
    }

    @FuzzTest
    void repliesAreReadOrRefused(byte[] octets) throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        pair.server().write(octets, 0, Math.min(octets.length, 60_000), deadline);
        pair.server().flush(deadline);
        pair.server().close();
        try {
            while (true) {
                checkReply(ReplyReader.read(pair.client(), deadline));
            }
        } catch (EOFException | ProtocolException end) {
            assertThat(Text.hasControl(end.getMessage())).isFalse();
        }
    }

    private static void checkReply(Reply reply) throws IOException {
        assertThat(Text.hasControl(reply.toString())).isFalse();
        Capabilities capabilities = Capabilities.of(reply);
        assertThat(capabilities.maxSize().orElse(1)).isPositive();
        assertThat(capabilities.maxRecipients().orElse(1)).isBetween(1, 999_999);
        assertThat(capabilities.maxTransactions().orElse(1)).isBetween(1, 999_999);
        assertThat(capabilities.authMechanisms()).doesNotHaveDuplicates();
        Deadline deadline = Deadline.after(Duration.ofSeconds(10));
        MemoryConnection.Pair pair = MemoryConnection.pair();
        byte[] wire = reply.toOctets(true);
        for (String line : new String(wire, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
            assertThat(line.length() + 2).isLessThanOrEqualTo(Reply.MAX_LINE);
        }
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                pair.server().write(wire, deadline);
                pair.server().flush(deadline);
            } catch (IOException tooManyLines) {
                return; // the reader has left
            }
        });
        try {
            Reply again = ReplyReader.read(pair.client(), deadline);
            assertThat(again.code()).isEqualTo(reply.code());
            assertThat(again.status()).isEqualTo(reply.status());
        } catch (ProtocolException tooManyLines) {
            assertThat(reply.text().size()).isGreaterThan(ReplyReader.MAX_LINES / 3);
        } finally {
            pair.client().close();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
