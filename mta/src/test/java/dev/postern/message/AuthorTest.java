package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorTest {
    private static Arguments row(String header, String author) {
        return Arguments.of(header, author);
    }

    /// Header sections as a sender may write them, and the mailboxes that wrote them: what every
    /// honest reader sees.
    static Stream<Arguments> readable() {
        return Stream.of(
                row("From: a@x.example", "a@x.example"),
                row("from:a@x.example", "a@x.example"),
                row("FROM:\ta@X.EXAMPLE  ", "a@x.example"),
                row("From: <a@x.example>", "a@x.example"),
                row("From: < a@x.example >", "a@x.example"),
                row("From: Alice <a@x.example>", "a@x.example"),
                row("From: Alice<a@x.example>", "a@x.example"),
                row("From:\r\n Alice\r\n\t<a@x.example>", "a@x.example"),
                row("From: Alice B. C. Doe <a@x.example>", "a@x.example"),
                row("From: \"Doe, Alice\" <a@x.example>", "a@x.example"),
                row("From: \"Alice \\\"Al\\\" Doe\" <a@x.example>", "a@x.example"),
                row("From: \"\" <a@x.example>", "a@x.example"),
                row("From: Alice \"Al\" Doe <a@x.example>", "a@x.example"),
                row("From: =?utf-8?Q?J=C3=BCrgen=2C_Doe?= <a@x.example>", "a@x.example"),
                row("From: =?utf-8?B?YUBiYW5rLmV4YW1wbGU=?= <a@x.example>", "a@x.example"),
                row("From: J\u00c3\u00bcrgen <a@x.example>", "a@x.example"),
                row("From: J\u00fcrgen <a@x.example>", "a@x.example"),
                row("From: a@x.example (Alice)", "a@x.example"),
                row("From: Alice (sales (and support)) <a@x.example> (really)", "a@x.example"),
                row("From: (Alice \\) Doe) a@x.example", "a@x.example"),
                row("From: Alice (at @work) <a@x.example>", "a@x.example"),
                row("From: a@x.example (mail a@x.example or b@x.example.)", "a@x.example"),
                row("From: \"a@bank.example\" <a@x.example>", "a@x.example"),
                row("From: \"Al <al@bank.example> via list\" <list@x.example>", "list@x.example"),
                row("From: \"\\\"a@x.example\\\"\" <a@x.example>", "a@x.example"),
                row("From: a@x.example <a@x.example>", "a@x.example"),
                row("From: \"odd one\"@x.example", "\"odd one\"@x.example"),
                row("From: <\"odd.one\"@x.example>", "\"odd.one\"@x.example"),
                row("From: a+b=c/d!e{f}@x.example", "a+b=c/d!e{f}@x.example"),
                row("From: a@b\u00c3\u00bccher.example", "a@xn--bcher-kva.example"),
                row("From: \u00c3\u00bc@x.example", "\u00fc@x.example"),
                row("From: a@localhost", "a@localhost"),
                row("From: a@sub_1.x.example", "a@sub_1.x.example"),
                row("From: a@x.example, Bob <b@y.example>", "a@x.example b@y.example"),
                row("From: a@x.example,b@x.example", "a@x.example b@x.example"),
                row("From: <admin@bank.example>, <a@evil.example>", "admin@bank.example a@evil.example"),
                row("From: Board: a@x.example, B <b@y.example>;", "a@x.example b@y.example"),
                row("From: Board: a@x.example; (all), c@z.example", "a@x.example c@z.example"),
                row("Subject: x\r\n From: b@bank.example\r\nFrom: a@x.example", "a@x.example"),
                row("Resent-From: b@y.example\r\nFrom: a@x.example\r\nSender: c@z.example", "a@x.example"));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void whatEveryReaderReadsAlikeNamesTheAuthor(String header, String author) throws IOException {
        assertThat(author(header))
                .isInstanceOfSatisfying(
                        Author.Named.class,
                        named -> assertThat(named.mailboxes().stream()
                                        .map(AuthorMailbox::toString)
                                        .collect(Collectors.joining(" ")))
                                .isEqualTo(author));
    }

    /// Header sections that readers read differently, or not at all.
    static Stream<Arguments> disputed() {
        String other = "a From field with an address of another domain in a comment or within quotes in quotes";
        String space = "a From field with white space or a comment before an @";
        String place = "a From field with a character out of place";
        String early = "a From field with an end too early";
        String nothing = "a From field with no address where one should be";
        String words = "a From field with words without an address";
        String local = "a From field with a local part that readers read differently";
        String domain = "a From field with a domain that is none";
        String control = "a From field with a control character";
        String blank = "a From field with a line of nothing but white space";
        String literal = "a From field with an address literal in place of a domain";
        String route = "a From field with a route";
        String another = "a From field with a display name that is another address";
        String colon = "white space before the colon of the From field";
        return Stream.of(
                // fields
                row("From: a@x.example\r\nFrom: a@x.example", "2 From fields"),
                row("From: a@x.example\r\nfROM: b@bank.example\r\nFrom: c@y.example", "3 From fields"),
                row("From : a@x.example", colon),
                row("From\t : a@x.example", colon),
                row("From : a@x.example\r\nFrom: a@x.example", "2 From fields"),
                row("From:", nothing),
                row("From: \t ", nothing),
                row("From:\r\n \r\n a@x.example", blank),
                row("From: a@x.example\r\n ", blank),
                row("From: a@x.example\r\n \t\r\n , b@y.example", blank),
                // control characters
                row("From: a@x.example\0", control),
                row("From: a@bank.example\0@x.example", control),
                row("From: Al\0ice <a@x.example>", control),
                row("From: \"Al\u001b\" <a@x.example>", control),
                row("From: a@x.example\u007f", control),
                row("From: a@bank.example\r, b@x.example", control),
                row("From: a@x.example\nX: y", control),
                row("From: a\u000b@x.example", control),
                row("From: A\u00c2\u0085 <a@x.example>", control),
                row("From: A\u00e2\u0080\u00a8 <a@x.example>", control),
                // brackets
                row("From: <<a@x.example>>", local),
                row("From: <a@bank.example> <b@x.example>", place),
                row("From: <a@bank.example>b@x.example", place),
                row("From: a@bank.example <b@x.example>", another),
                row(
                        "From: Al a@x.example <a@x.example>",
                        "a From field with white space, a comment or several words before an @"),
                row("From: <a@x.example", early),
                row("From: a@x.example>", place),
                row("From: Al <>", local),
                row("From: Al <a>", place),
                row("From: Al <a@x.example junk>", place),
                row("From: Al <a@x.example> junk", place),
                row("From: <a@x.example(c)>", place),
                row("From: <(c)a@x.example>", local),
                row("From: [a@bank.example], b@x.example", nothing),
                // routes, literals, other addressing
                row("From: <@bank.example:b@x.example>", route),
                row("From: Al <@bank.example,@y.example:b@x.example>", route),
                row("From: @x.example", "a From field with white space, a comment or several words before an @"),
                row("From: a@[192.0.2.1]", literal),
                row("From: <a@[IPv6:2001:db8::1]>", literal),
                row("From: a@bank.example@x.example", place),
                row("From: a@x.example:b@y.example", place),
                row("From: a", words),
                row("From: =?utf-8?B?YUBiYW5rLmV4YW1wbGU=?=", words),
                row("From: =?utf-8?B?YUBiYW5rLmV4YW1wbGU=?=@x.example", local),
                row("From: Al <=?utf-8?Q?a=40bank.example?=@x.example>", local),
                row("From: =?utf-8?Q?Doe,_Al?= <a@x.example>", words),
                // white space and comments within an address
                row("From: a @x.example", space),
                row("From: a@ x.example", domain),
                row("From: a@x .example", place),
                row("From: a@x.\r\n example", domain),
                row("From: a(c)@x.example", space),
                row("From: a@(c)x.example", domain),
                row("From: a b@x.example", "a From field with white space, a comment or several words before an @"),
                // comments
                row("From: (a@bank.example) b@x.example", other),
                row("From: b@x.example (<a@bank.example>)", other),
                row("From: b@x.example (a@bank.example.-)", other),
                row("From: Al (nested (a@bank.example)) <b@x.example>", other),
                row("From: a@x.example (", "a From field with a comment that does not end"),
                row("From: a@x.example (\\)", "a From field with a comment that does not end"),
                row("From: a@x.example (\\", "a From field with a comment that does not end"),
                row("From: a@x.example )", place),
                row("From: " + "(".repeat(11) + ")".repeat(11) + " a@x.example", deep()),
                row("From: " + "(".repeat(1000) + ")".repeat(1000) + " a@x.example", deep()),
                // quotes
                row("From: \"Al <a@x.example>", "a From field with a quote that does not end"),
                row("From: \"Al\\\" <a@x.example>", "a From field with a quote that does not end"),
                row("From: Al\" <a@x.example>", "a From field with a quote that does not end"),
                row("From: \"x\\\" <a@bank.example>, \\\"y\" <b@x.example>", other),
                row("From: \"a@bank.example\"@x.example", local),
                row("From: \"a\\\"b\"@x.example", local),
                row("From: \"<a@bank.example>,\"@x.example", local),
                row("From: \"\"@x.example", local),
                row("From: \"a\".b@x.example", "a From field with white space, a comment or several words before an @"),
                row("From: <a@bank.example\\>, <b@x.example>", place),
                row("From: a\\@bank.example, b@x.example", words),
                // local parts and domains
                row("From: .a@x.example", local),
                row("From: \u00fc@x.example", local),
                row("From: \u00c3@x.example", local),
                row("From: a.@x.example", local),
                row("From: a..b@x.example", local),
                row("From: a\u00e2\u0080\u008bb@x.example", local),
                row("From: a@", domain),
                row("From: a@x.example.", domain),
                row("From: a@.x.example", domain),
                row("From: a@x..example", domain),
                row("From: a@-x.example", domain),
                row("From: a@x!.example", domain),
                row("From: a@" + "x".repeat(64) + ".example", domain),
                row("From: a@" + "x.".repeat(130) + "example", domain),
                row("From: a@b\u00fccher.example", domain),
                row("From: a@x\u00ef\u00bc\u008eexample", domain),
                row("From: a@x\u00e2\u0080\u008b.example", domain),
                // lists and groups
                row("From: a@x.example,", nothing),
                row("From: ,a@x.example", nothing),
                row("From: a@x.example,,b@y.example", nothing),
                row("From: a@x.example; b@y.example", place),
                row("From: a@x.example b@y.example", place),
                row("From: G: a@x.example", early),
                row("From: G: a@x.example; b@y.example", place),
                row("From: G: H: a@x.example;;", words),
                row("From: : a@x.example;", nothing),
                row("From: a@bank.example: b@x.example;", place),
                row("From: G: a@x.example,;", nothing),
                row("From: a@x.example" + " ".repeat(16_384), "a From field of more than 16384 octets"),
                row("From: " + "a@x.example,".repeat(90_000), "a From field of more than 16384 octets"),
                // what somebody else takes for a From field
                row("Subject: x\nFrom: b@bank.example\r\nFrom: a@x.example", bare()),
                row("Subject: x\rFrom: b@bank.example\r\nFrom: a@x.example", bare()),
                row("Subject: x\n\0 from\t:b@bank.example\r\nFrom: a@x.example", bare()),
                row("X: \u00ff\n\u00a0From: b@bank.example", bare()));
    }

    private static String deep() {
        return "a From field with comments nested more than 10 deep";
    }

    private static String bare() {
        return "a CR or LF alone before what may be taken for a From field";
    }

    @ParameterizedTest
    @MethodSource("disputed")
    void whatReadersReadDifferentlyIsMalformed(String header, String why) throws IOException {
        assertThat(author(header)).isEqualTo(new Author.Malformed(why));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Subject: x",
                "Resent-From: a@x.example",
                "Sender: a@x.example",
                "X-From: a@x.example",
                "From: Nobody:;",
                "From: Nobody: (really) ;"
            })
    void aMessageMayHaveNoAuthor(String header) throws IOException {
        assertThat(author(header)).isInstanceOf(Author.Absent.class);
    }

    @Test
    void domainsOfAuthorsAreNamedOnce() throws IOException {
        assertThat(author("From: a@x.example, b@y.example, c@X.example"))
                .isInstanceOfSatisfying(
                        Author.Named.class,
                        named -> assertThat(named.domains())
                                .containsExactly(DomainName.of("x.example"), DomainName.of("y.example")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no field\r\nFrom: b@bank.example\r\n\r\nbody",
                "From\0: b@bank.example\r\n\r\nbody",
                "\0From: b@bank.example\r\n\r\nbody",
                "no field\nFrom: b@bank.example\r\n\r\nbody",
                "no field\rfrom : b@bank.example\r\n\r\nbody",
                "no field\r\n From: b@bank.example\r\n\r\nbody",
                "no field\r\n\u00a0FROM: b@bank.example"
            })
    void aFromFieldBehindALineThatIsNoFieldIsNotOverlooked(String rest) throws IOException {
        String why = "a From field behind a line that is no field";
        assertThat(author("From: a@x.example", rest)).isEqualTo(new Author.Malformed(why));
        assertThat(author("Subject: x", rest)).isEqualTo(new Author.Malformed(why));
    }

    @Test
    void aHeaderMayBeginWithALineThatIsNoField() throws IOException {
        assertThat(read(" From: a@x.example\r\n\r\n")).isInstanceOf(Author.Malformed.class);
        assertThat(read("From a Tue Nov 24 00:00:00 2026\r\nFrom: a@x.example\r\n\r\n"))
                .isInstanceOf(Author.Malformed.class);
    }

    @Test
    void whatStandsInTheBodyIsNobodysAuthor() throws IOException {
        assertThat(author("From: a@x.example", "\r\nFrom: b@bank.example\r\n")).isInstanceOf(Author.Named.class);
        assertThat(author("From: a@x.example", "no field\r\n\r\nFrom: b@bank.example\r\n"))
                .isInstanceOf(Author.Named.class);
        assertThat(author("From: a@x.example", "no field\nSubject: From: b\n\nFrom: b@bank.example\n"))
                .isInstanceOf(Author.Named.class);
    }

    @Test
    void aHeaderThatGoesOnForEverIsNotTrusted() throws IOException {
        String rest = "no field\r\n" + "more\r\n".repeat(20_000) + "From: b@bank.example\r\n";
        assertThat(author("From: a@x.example", rest)).isInstanceOf(Author.Malformed.class);
    }

    @Test
    void theBodyIsNotTouchedWithoutNeed() throws IOException {
        InputStream forbidden = InputStream.nullInputStream();
        forbidden.close(); // so that reading it throws
        MessageHeader header =
                new MessageHeader(List.of(HeaderField.of("From: a@x.example")), MessageHeader.Ending.EMPTY_LINE);
        assertThat(Author.of(header, forbidden)).isInstanceOf(Author.Named.class);
    }

    private static Author author(String fields) throws IOException {
        return author(fields, "\r\n");
    }

    private static Author author(String fields, String rest) throws IOException {
        return read((fields.isEmpty() ? "" : fields + "\r\n") + rest);
    }

    private static Author read(String message) throws IOException {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        MessageReader reader = MessageReader.read(new ByteArrayInputStream(octets), 2_000_000);
        return Author.of(reader.header(), reader.body());
    }
}
