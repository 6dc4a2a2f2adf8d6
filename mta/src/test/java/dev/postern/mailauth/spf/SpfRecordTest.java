package dev.postern.mailauth.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.IpText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpfRecordTest {

    private static SpfRecord good(String text) {
        return switch (SpfRecord.parse(text)) {
            case SpfRecord.Good good -> good.record();
            case SpfRecord.Bad bad -> throw new AssertionError(bad);
        };
    }

    private static List<SpfRecord.Fault> faults(String text) {
        return switch (SpfRecord.parse(text)) {
            case SpfRecord.Good good -> throw new AssertionError(good);
            case SpfRecord.Bad bad -> bad.faults();
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1",
                "v=spf1 -all",
                "v=spf1 +A/24//64 MX:Example.ORG ?ptr ~Exists:%{ir}.%{v}.example.org -all",
                "v=spf1 a a:a.example. a/0 a//0 a:a.example/32//128 a:%{d}/8 a:x/1.y.example/16",
                "v=spf1 mx mx:%{d2r}._spf.example.com mx:%%.%_%-.example mx:%{D1R.-+,/_=} mx:.com",
                "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 -ip4:0.0.0.0/0 ip6:2001:DB8::/32 ip6:::1.2.3.4/0 ip6:::",
                "v=spf1 include:_spf.%{o} redirect=other.example",
                "v=spf1 v=spf1 exp=why.%{d} unknown=%{c}%{r}%{t} x.y-z_1= all=foo a=b redirected=x -all",
                "v=spf1 a:foo.example.xn--zckzah a:b.x--y a:c.1-2 a:d.9a"
            })
    void recordIsGivenBack(String text) {
        assertThat(good(text)).hasToString(text);
    }

    @Test
    void spacesAreOne() {
        assertThat(good("V=SPF1   a    -all   ")).hasToString("v=spf1 a -all");
    }

    @Test
    void termsAreWhatTheySay() throws BadTerm {
        SpfRecord record =
                good("v=spf1 A:a.example/24//64 ~mx/16 ?ip6:2001:db8::/32 -all exp=e.example redirect=r.example");

        assertThat(record.directives())
                .containsExactly(
                        new Directive(
                                "A:a.example/24//64",
                                Qualifier.PASS,
                                new Mechanism.A(Optional.of(DomainSpec.parse("a.example")), new DualCidr(24, 64))),
                        new Directive(
                                "~mx/16",
                                Qualifier.SOFTFAIL,
                                new Mechanism.Mx(Optional.empty(), new DualCidr(16, 128))),
                        new Directive(
                                "?ip6:2001:db8::/32",
                                Qualifier.NEUTRAL,
                                new Mechanism.Ip6(IpText.ip6("2001:db8::").orElseThrow(), 32)),
                        new Directive("-all", Qualifier.FAIL, new Mechanism.All()));
        assertThat(record.explanation().orElseThrow().target()).hasToString("e.example");
        assertThat(record.redirect().orElseThrow().target()).hasToString("r.example");
    }

    @Test
    void termsTellWhetherTheyAskDns() {
        String asking = "include:a.example a mx ptr exists:a.example redirect=a.example";
        String others = "all ip4:192.0.2.1 ip6:::1 exp=a.example other=x";

        assertThat(good("v=spf1 " + asking).terms()).allMatch(Term::looksUp);
        assertThat(good("v=spf1 " + others).terms()).noneMatch(Term::looksUp);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1          | true",
                "V=SpF1 -all     | true",
                "v=spf1 nonsense | true",
                "v=spf10         | false",
                "v=spf1,a        | false",
                "v=spf           | false",
                "'v=spf1\t-all'  | false",
                "' v=spf1 -all'  | false",
                "v=spf2.0/pra    | false",
                "''              | false"
            })
    void versionTellsRecordsFromOtherTexts(String text, boolean isRecord) {
        assertThat(SpfRecord.isRecord(text)).isEqualTo(isRecord);
        if (!isRecord) {
            assertThat(faults(text))
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.what()).contains("begins with v=spf1"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "moo                     | no mechanism has this name",
                "-                       | no mechanism has this name",
                "+-all                   | no mechanism has this name",
                "ipv4:192.0.2.1          | write ip4 or ip6",
                "redirect:a.example      | no mechanism has this name",
                "-redirect=a.example     | no mechanism has this name",
                "1up=foo                 | no mechanism has this name",
                "=all                    | no mechanism has this name",
                "a:%{d}.                 | ends in a dot and a top-level name",
                "all.                    | no mechanism has this name",
                "all:x                   | all stands alone",
                "all/8                   | all stands alone",
                "'all\t'                 | all stands alone",
                "include                 | followed by a colon",
                "include:                | domain name is missing",
                "include/24              | followed by a colon",
                "include:a.example/24    | ends in a dot and a top-level name",
                "exists                  | followed by a colon",
                "exists:a.example/24     | ends in a dot and a top-level name",
                "ptr/0                   | followed by a colon",
                "ptr:                    | domain name is missing",
                "a:                      | domain name is missing",
                "a:/24                   | domain name is missing",
                "a/                      | followed by a colon",
                "a/33                    | from 0 to 32",
                "a/032                   | without zeros in front",
                "a//129                  | from 0 to 128",
                "a/24/64                 | followed by a colon",
                "a:a.example/24/64       | ends in a dot and a top-level name",
                "a//64/24                | followed by a colon",
                "a/99999999999           | from 0 to 32",
                "a:museum                | ends in a dot and a top-level name",
                "a:museum.               | ends in a dot and a top-level name",
                "a:a.example..           | ends in a dot and a top-level name",
                "a:abc.123               | ends in a dot and a top-level name",
                "a:a.-com                | ends in a dot and a top-level name",
                "a:a.com-                | ends in a dot and a top-level name",
                "a:a.example:8080        | ends in a dot and a top-level name",
                "a:%{d}com               | ends in a dot and a top-level name",
                "a:192.0.2.1             | ip4 or ip6, not with a",
                "mx:2001:db8::1          | ip4 or ip6, not with mx",
                "'a:a\u0000.example'     | not printable ASCII",
                "'a:\u00fc.example'      | not printable ASCII",
                "a:%.example             | begins no macro",
                "a:%(d).example          | begins no macro",
                "a:%                     | begins no macro",
                "a:%{d                   | closing brace",
                "a:%{}                   | is no macro",
                "a:%{x}                  | is no macro",
                "a:%{d0}                 | keeps no part",
                "a:%{d000r}              | keeps no part",
                "a:%{drr}                | is no macro",
                "a:%{dr2}                | is no macro",
                "a:%{d-2}                | is no macro",
                "a:%{d!}                 | is no macro",
                "a:%{dd}                 | is no macro",
                "a:%{c}                  | in the text of an explanation only",
                "exp=%{R}.example        | in the text of an explanation only",
                "redirect=%{t}           | in the text of an explanation only",
                "exp=                    | domain name is missing",
                "redirect=               | domain name is missing",
                "redirect=-all           | ends in a dot and a top-level name",
                "foo=%abc                | begins no macro",
                "'foo=\u007f'            | not printable ASCII",
                "ip4                     | address such as 192.0.2.1",
                "ip4:                    | address such as 192.0.2.1",
                "ip4:192.0.2             | address such as 192.0.2.1",
                "ip4:192.0.2.256         | address such as 192.0.2.1",
                "ip4:192.0.2.01          | address such as 192.0.2.1",
                "ip4:192.0.2.1:25        | address such as 192.0.2.1",
                "ip4:192.0.2.1/33        | from 0 to 32",
                "ip4:192.0.2.1//32       | from 0 to 32",
                "ip4:192.0.2.1/          | from 0 to 32",
                "ip4:192.0.2.1/+8        | from 0 to 32",
                "ip4:2001:db8::1         | address such as 192.0.2.1",
                "ip6:192.0.2.1           | address such as 2001:db8::1",
                "ip6::CAFE::BABE         | address such as 2001:db8::1",
                "ip6:[2001:db8::1]       | address such as 2001:db8::1",
                "ip6:fe80::1%eth0        | address such as 2001:db8::1",
                "ip6:2001:db8::/129      | from 0 to 128",
            })
    void errorIsTold(String term, String what) {
        assertThat(faults("v=spf1 ip4:192.0.2.1 " + term + " -all"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.column()).isEqualTo(22);
                    assertThat(fault.toString()).contains(what);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect=a.example", "exp=a.example", "REDIRECT=a.example", "Exp=a.example"})
    void knownModifierStandsOnce(String term) {
        assertThat(faults("v=spf1 " + term + " a " + term))
                .singleElement()
                .satisfies(fault -> assertThat(fault.what()).contains("one"));
    }

    @Test
    void allErrorsAreToldAtOnceInTheirOrder() {
        assertThat(faults("v=spf1 moo a ip4:x -all ipv6:::1"))
                .extracting(SpfRecord.Fault::column)
                .containsExactly(8, 14, 25);
    }

    @Test
    void errorShowsNoOddCharactersAndNoLongTerm() {
        assertThat(faults("v=spf1 \r\n\u001b[31m\u00e4" + "x".repeat(60_000)))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.term()).startsWith("???[31m?xxx").hasSizeLessThan(100);
                    assertThat(fault.toString()).matches("[ -~]{0,300}");
                });
    }

    @Test
    void tenThousandErrorsAreToldByTheFirstTwenty() {
        assertThat(faults("v=spf1" + " moo".repeat(10_000))).hasSize(SpfRecord.Bad.MOST_FAULTS);
    }

    @Test
    void tenThousandTermsAreRead() {
        String terms = IntStream.range(0, 10_000)
                .mapToObj(i -> "ip4:10.0." + i % 256 + ".1")
                .collect(Collectors.joining(" "));

        assertThat(good("v=spf1 " + terms).directives()).hasSize(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%{", "%{d", "%{d.", "/", "//", "a", ".", "%%", "%{d}", "-", "1", ":", "\u0000"})
    void longTermIsReadOrRefused(String piece) {
        String term = piece.repeat(64_000 / piece.length());

        for (String start : List.of("", "a:", "ip4:", "ip6:", "x=", "exp=", "a:a.example/", "a/")) {
            switch (SpfRecord.parse("v=spf1 " + start + term)) {
                case SpfRecord.Good good -> assertThat(good.record().toString()).endsWith(start + term);
                case SpfRecord.Bad bad -> assertThat(bad.faults()).hasSize(1);
            }
        }
    }

    @Test
    void valuesCannotBeWrong() throws BadTerm {
        DomainSpec target = DomainSpec.parse("a.example");
        Modifier redirect = new Modifier.Redirect("redirect=a.example", target);

        assertThatThrownBy(() -> new SpfRecord(List.of(redirect, redirect)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Directive("-all -all", Qualifier.FAIL, new Mechanism.All()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Modifier.Redirect("", target)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DomainSpec(MacroString.parse("museum")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MacroString.Literal("50%")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MacroString.Macro(MacroLetter.DOMAIN, false, 0, false, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DualCidr(33, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SpfRecord.Bad(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
