package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {
    private static final DomainName EXAMPLE = DomainName.of("example.org");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "a@b                                  | a@b",
                "alice@EXAMPLE.org                    | alice@example.org",
                "Alice@example.org                    | Alice@example.org",
                "!#$%&'*+-/=?^_`{}~@a.example         | !#$%&'*+-/=?^_`{}~@a.example",
                "a.b.c@a-b.example                    | a.b.c@a-b.example",
                "\"alice\"@a.example                  | alice@a.example",
                "\"a.b\"@a.example                    | a.b@a.example",
                "\"a..b\"@a.example                   | \"a..b\"@a.example",
                "\".\"@a.example                      | \".\"@a.example",
                "\" \"@a.example                      | \" \"@a.example",
                "\"a@b\"@a.example                    | \"a@b\"@a.example",
                "\"a\\\"b\\\\c\"@a.example            | \"a\\\"b\\\\c\"@a.example",
                "\"a>b\"@a.example                    | \"a>b\"@a.example",
                "\"\\a\\ \\.\"@a.example              | \"a .\"@a.example",
                "üñ@a.example                         | üñ@a.example",
                "\"ü ñ\"@a.example                    | \"ü ñ\"@a.example",
                "我@例え.テスト                         | 我@xn--r8jz45g.xn--zckzah",
                "😀@a.example                         | 😀@a.example",
                "a@[192.0.2.1]                        | a@[192.0.2.1]",
                "a@[IPv6:2001:DB8::1]                 | a@[IPv6:2001:db8:0:0:0:0:0:1]",
                "a@[ipv6:::]                          | a@[IPv6:0:0:0:0:0:0:0:0]",
                "a@[IPv6:1:2:3:4:5:6:7:8]             | a@[IPv6:1:2:3:4:5:6:7:8]",
                "a@[IPv6:1:2:3:4:5:6:192.0.2.1]       | a@[IPv6:1:2:3:4:5:6:c000:201]",
                "a@[IPv6:1::192.0.2.1]                | a@[IPv6:1:0:0:0:0:0:c000:201]",
                "a@[IPv6:::ffff:192.0.2.1]            | a@[192.0.2.1]",
                "a@1.2.3.4                            | a@1.2.3.4",
            })
    void mailboxesAreReadAndWrittenInOneForm(String text, String form) {
        assertThat(Mailbox.parse(text)).hasToString("Optional[" + form + "]");
        assertThat(Mailbox.parse(form)).isEqualTo(Mailbox.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a",
                "a@",
                "@b",
                "<a@b>",
                "a@b>",
                " a@b",
                "a@b ",
                "a b@c",
                "a@b c",
                ".a@b",
                "a.@b",
                "a..b@c",
                "a@b@c",
                "a@.b",
                "a@b.",
                "a@b..c",
                "a@-b",
                "a@b-",
                "a@b_c.example",
                "\"\"@b",
                "\"a@b",
                "\"a\"b@c",
                "a\"b\"@c",
                "\"a\\\"@b",
                "\"a\\\u00fc\"@b",
                "\"a\rb\"@c",
                "\"a\nb\"@c",
                "\"a\0b\"@c",
                "\"a\tb\"@c",
                "\"a\\\rb\"@c",
                "\"a\u0085b\"@c",
                "a\u2028b@c",
                "a\u007fb@c",
                "a\ud800@c",
                "\"\udc00\"@c",
                "(comment)a@b",
                "a@b(comment)",
                "a,b@c",
                "a;b@c",
                "a:b@c",
                "a<b@c",
                "a[b@c",
                "a@[192.0.2.1",
                "a@192.0.2.1]",
                "a@[]",
                "a@[ 192.0.2.1]",
                "a@[192.0.2]",
                "a@[192.0.2.256]",
                "a@[192.0.2.1.1]",
                "a@[192.0.02.1]",
                "a@[0x7f.0.0.1]",
                "a@[2130706433]",
                "a@[2001:db8::1]",
                "a@[IPv6:]",
                "a@[IPv6:192.0.2.1]",
                "a@[IPv6:1:2:3]",
                "a@[IPv6:1::2::3]",
                "a@[IPv6::1:2:3:4:5:6:7]",
                "a@[IPv6:1:2:3:4:5:6:7::]",
                "a@[IPv6:1:2:3:4:5::192.0.2.1]",
                "a@[IPv6:1:2:3:4:5:6:7:8:9]",
                "a@[IPv6:12345::]",
                "a@[IPv6:g::]",
                "a@[IPv6:fe80::1%eth0]",
                "a@[IPv6:::ffff:192.0.2.256]",
                "a@[x400:c=de]",
                "a@[192.0.2.1]x",
                "a@[192.0.2.1].example",
                "a@b。example",
                "a＠b.example",
            })
    void whatIsNoMailboxIsNone(String text) {
        assertThat(Mailbox.parse(text)).isEmpty();
        assertThat(ReversePath.parse(text).filter(path -> !path.isNull())).isEmpty();
    }

    @Test
    void whatAMailboxWritesItReadsAgain() {
        Random random = new Random(5321);
        String alphabet = "ab.@\" \\<>,;:()[]%!üß我\ud83d\ude00";
        int[] points = alphabet.codePoints().toArray();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder local = new StringBuilder();
            int length = 1 + random.nextInt(8);
            for (int j = 0; j < length; j++) {
                local.appendCodePoint(points[random.nextInt(points.length)]);
            }
            Mailbox mailbox = Mailbox.of(local.toString(), EXAMPLE);
            assertThat(Mailbox.parse(mailbox.toString())).contains(mailbox);
            assertThat(ReversePath.parse(mailbox.toString())).contains(mailbox);
            assertThat(ForwardPath.parse(mailbox.toString())).contains(mailbox);
        }
    }

    @Test
    void theNullPathAndThePostmasterAreReadAgain() {
        assertThat(ReversePath.parse(new NullPath().toString())).contains(new NullPath());
        assertThat(ForwardPath.parse(new Postmaster().toString())).contains(new Postmaster());
        assertThat(ForwardPath.parse("POSTMASTER")).contains(new Postmaster());
        assertThat(ForwardPath.parse("")).isEmpty();
        assertThat(ReversePath.parse("postmaster")).isEmpty();
    }

    @Test
    void internationalIsOnlyTheLocalPart() {
        assertThat(Mailbox.parse("ü@a.example").map(Mailbox::isInternational)).contains(true);
        assertThat(Mailbox.parse("u@ä.example").map(Mailbox::isInternational)).contains(false);
        assertThat(new NullPath().isInternational()).isFalse();
        assertThat(new Postmaster().isInternational()).isFalse();
    }

    @Test
    void aMailboxThatFitsNoPathCannotBe() {
        DomainName longest =
                DomainName.of("b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(63) + "." + "e".repeat(61));
        assertThatThrownBy(() -> Mailbox.of("a", longest)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Mailbox.parse("a@" + longest)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\rb", "a\nb", "a\0b", "a\u0085b", "a\u2028", "\ud800", "x\udc00y"})
    void aLocalPartCannotHoldWhatWouldEndALine(String value) {
        assertThatThrownBy(() -> new LocalPart(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAddressLiteralHasNeitherNameNorZone() throws Exception {
        InetAddress named = InetAddress.getByAddress("evil.example", new byte[] {(byte) 192, 0, 2, 1});
        assertThat(new Host.AddressLiteral(named)).hasToString("[192.0.2.1]");
        InetAddress mapped = Mailbox.parse("a@[IPv6:::ffff:127.0.0.1]")
                .map(m -> m.host() instanceof Host.AddressLiteral literal ? literal.address() : null)
                .orElseThrow();
        assertThat(mapped).isInstanceOf(Inet4Address.class);
        assertThat(Optional.of(mapped.isLoopbackAddress())).contains(true);
    }
}
