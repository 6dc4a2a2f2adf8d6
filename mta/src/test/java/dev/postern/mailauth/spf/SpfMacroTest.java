package dev.postern.mailauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Macros as a domain sees them: in its explanations, and in the names that it makes us ask for.
class SpfMacroTest {
    private static final String DOMAIN = "email.example.com";

    private final FakeDns dns = new FakeDns().txt(DOMAIN, "v=spf1 -all exp=why.example");
    private final SpfVerifier verifier = new SpfVerifier(dns, SpfSettings.RECOMMENDED, ManualClock.atNoon());

    private static SpfQuery query(String client, String localPart, String helo) {
        return new SpfQuery(
                IpText.ip(client).orElseThrow(),
                helo,
                Mailbox.of(localPart, DomainName.of(DOMAIN)),
                DomainName.of("mx.receiver.example"));
    }

    private String explained(String text, SpfQuery query) {
        dns.txt("why.example", text);
        return verifier.checkMailFrom(query).explanation().orElse("");
    }

    /// RFC 7208 §7.4.
    @ParameterizedTest
    @CsvSource({
        "%{s}, strong-bad@email.example.com",
        "%{o}, email.example.com",
        "%{d}, email.example.com",
        "%{d4}, email.example.com",
        "%{d3}, email.example.com",
        "%{d2}, example.com",
        "%{d1}, com",
        "%{dr}, com.example.email",
        "%{d2r}, example.email",
        "%{l}, strong-bad",
        "%{l-}, strong.bad",
        "%{lr}, strong-bad",
        "%{lr-}, bad.strong",
        "%{l1r-}, strong",
        "%{ir}.%{v}._spf.%{d2}, 3.2.0.192.in-addr._spf.example.com",
        "%{lr-}.lp._spf.%{d2}, bad.strong.lp._spf.example.com",
        "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}, bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
        "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}, 3.2.0.192.in-addr.strong.lp._spf.example.com",
        "%{d2}.trusted-domains.example.net, example.com.trusted-domains.example.net",
    })
    void exampleOfTheStandard(String macros, String expansion) {
        assertThat(explained(macros, query("192.0.2.3", "strong-bad", "mail.example.org")))
                .isEqualTo(expansion);
    }

    @Test
    void exampleOfTheStandardForIp6() {
        assertThat(explained("%{ir}.%{v}._spf.%{d2}", query("2001:db8::cb01", "strong-bad", "mail.example.org")))
                .isEqualTo("1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%{h}                 | mail.example.org",
                "%{H1R}               | mail",
                "%{r}                 | mx.receiver.example",
                "%{t}                 | 1780315200",
                "%{c}                 | 192.0.2.3",
                "%{i}                 | 192.0.2.3",
                "%{p}                 | unknown",
                "%{v}                 | in-addr",
                "%{S}                 | a.b%2Bc-d_e%3Df%26g%40email.example.com",
                "%{l}                 | a.b+c-d_e=f&g",
                "%{L}                 | a.b%2Bc-d_e%3Df%26g",
                "%{l.}                | a.b+c-d_e=f&g",
                "%{l+-_=}             | a.b.c.d.e.f&g",
                "%{lr.+-_=}           | f&g.e.d.c.b.a",
                "%{l2r.+-_=}          | b.a",
                "%{l3.+-_=}           | d.e.f&g",
                "%{L1=}               | f%26g",
                "%{d999999999999999}  | email.example.com",
                "%{d01}               | com",
                "%{l1,}               | a.b+c-d_e=f&g",
                "100%%%_%-!           | 100% %20!",
            })
    void macroStandsForItsValue(String macros, String expansion) {
        assertThat(explained(macros, query("192.0.2.3", "a.b+c-d_e=f&g", "mail.example.org")))
                .isEqualTo(expansion);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.3, 192.0.2.3",
        "::ffff:192.0.2.3, 192.0.2.3",
        "2001:db8::cb01, 2001:db8::cb01",
        "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void readableAddressIsInItsShortForm(String client, String expansion) {
        assertThat(explained("%{c}", query(client, "a", "h.example"))).isEqualTo(expansion);
    }

    @Test
    void emptyPartsStay() {
        assertThat(explained("%{lr-} %{l2-} %{l-}", query("192.0.2.3", "-a--b", "h.example")))
                .isEqualTo("b..a. .b .a..b");
    }

    @Test
    void namesOfTheClientArePreferredByNearness() {
        dns.ptr("3.2.0.192.in-addr.arpa", "other.example", "forged.example.com", "a.email.example.com")
                .a("other.example", "192.0.2.3")
                .a("forged.example.com", "192.0.2.99")
                .a("a.email.example.com", "192.0.2.3");

        assertThat(explained("%{p} %{p1}", query("192.0.2.3", "a", "h.example")))
                .isEqualTo("a.email.example.com com");
    }

    @Test
    void ownNameIsPreferredToNamesWithin() {
        dns.ptr("3.2.0.192.in-addr.arpa", "a.email.example.com", "email.example.com")
                .a("email.example.com", "192.0.2.3")
                .a("a.email.example.com", "192.0.2.3");

        assertThat(explained("%{p}", query("192.0.2.3", "a", "h.example"))).isEqualTo("email.example.com");
    }

    @Test
    void anyValidatedNameIsBetterThanNone() {
        dns.ptr("3.2.0.192.in-addr.arpa", "other.example").a("other.example", "192.0.2.3");

        assertThat(explained("%{p}", query("192.0.2.3", "a", "h.example"))).isEqualTo("other.example");
    }

    @Test
    void errorLeavesTheNameUnknown() {
        dns.silent("3.2.0.192.in-addr.arpa");

        assertThat(explained("%{p}", query("192.0.2.3", "a", "h.example"))).isEqualTo("unknown");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%{x}-files",
                "50% off",
                "%{d",
                "'tab\there'",
                "'line\r\n250 OK'",
                "caf\u00e9",
            })
    void explanationWithAnErrorIsNone(String text) {
        SpfResult result = resultWith(text, query("192.0.2.3", "a", "h.example"));

        assertThat(result.outcome()).isEqualTo(SpfOutcome.FAIL);
        assertThat(result.explanation()).isEmpty();
    }

    private SpfResult resultWith(String text, SpfQuery query) {
        dns.txt("why.example", text);
        return verifier.checkMailFrom(query);
    }

    @Test
    void explanationIsCutAndPrintable() {
        SpfQuery query = query("192.0.2.3", "\u00e4".repeat(32), "a\r\n250 b\u001b\u2028.example");

        assertThat(explained("%{h} %{l1}", query)).isEqualTo("a??250 b??.example " + "?".repeat(32));
        FakeDns fresh =
                new FakeDns().txt(DOMAIN, "v=spf1 -all exp=why.example").txt("why.example", "%{S}".repeat(16_000));
        String cut = new SpfVerifier(fresh, SpfSettings.RECOMMENDED, ManualClock.atNoon())
                .checkMailFrom(query)
                .explanation()
                .orElseThrow();
        assertThat(cut)
                .hasSize(SpfResult.LONGEST_EXPLANATION)
                .startsWith("%C3%A4%C3%A4")
                .endsWith("...");
    }

    @Test
    void longNameLosesLabelsFromTheLeft() {
        String label = "l".repeat(60) + ".";
        dns.txt("long.example", "v=spf1 exists:%{h}." + label.repeat(4) + "%{d} -all");

        verifier.checkHelo(query("192.0.2.3", "a", "long.example"));

        assertThat(dns.questions()).containsExactly("long.example TXT", label.repeat(3) + "long.example A");
    }

    @Test
    void nameOfTheGreatestLengthIsWhole() {
        String label = "l".repeat(59) + ".";
        dns.txt("long.example", "v=spf1 exists:%{h2}." + label.repeat(3) + "x".repeat(47) + ".long.example. -all");

        verifier.checkHelo(query("192.0.2.3", "a", "long.example"));

        String asked = dns.questions().getLast();
        assertThat(asked).startsWith("long.example.lll").hasSize(253 + " A".length());
    }

    @ParameterizedTest
    @CsvSource({"%{h}.example", "%{l}.example", "%{s}.example", "a..%{h}", "%{h}", "%%.example", "x.%{h}.%{d}", "-.%{d}"
    })
    void nameThatCannotBeAskedForDoesNotExist(String name) {
        dns.txt("odd.example", "v=spf1 exists:" + name + " a:" + name + " ?all");

        SpfQuery query = new SpfQuery(
                IpText.ip("192.0.2.3").orElseThrow(),
                "not a\0 name.",
                new Mailbox(new LocalPart("b\u00fccher"), new Host.Domain(DomainName.of("odd.example"))),
                DomainName.of("mx.receiver.example"));
        SpfResult result = verifier.checkMailFrom(query);
        assertThat(result.outcome()).isEqualTo(SpfOutcome.NEUTRAL);
        assertThat(result.voidLookUps()).isEqualTo(2);
        assertThat(dns.questions()).containsExactly("odd.example TXT");
    }
}
