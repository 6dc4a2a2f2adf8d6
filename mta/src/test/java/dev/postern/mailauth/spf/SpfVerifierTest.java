package dev.postern.mailauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.dns.Resolver;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpfVerifierTest {
    private static final DomainName RECEIVER = DomainName.of("mx.receiver.example");
    private static final String REVERSE = "1.2.0.192.in-addr.arpa";

    private final FakeDns dns = new FakeDns();
    private final ManualClock clock = ManualClock.atNoon();

    private static SpfQuery query(String client, String helo, ReversePath sender) {
        return new SpfQuery(IpText.ip(client).orElseThrow(), helo, sender, RECEIVER);
    }

    private static SpfQuery query() {
        return query("192.0.2.1", "helo.example", Mailbox.of("user", DomainName.of("a.example")));
    }

    private SpfVerifier verifier() {
        return new SpfVerifier(dns, SpfSettings.RECOMMENDED, clock);
    }

    private SpfResult check() {
        return verifier().checkMailFrom(query());
    }

    private SpfResult check(String record) {
        dns.txt("a.example", record);
        return check();
    }

    // identities

    @Test
    void reversePathIsCheckedByItsDomain() {
        SpfResult result = check("v=spf1 +ip4:192.0.2.0/24 -all");

        assertThat(result)
                .isEqualTo(new SpfResult(
                        SpfIdentity.MAIL_FROM,
                        "a.example",
                        new SpfResult.Matched(SpfOutcome.PASS, "+ip4:192.0.2.0/24", ""),
                        0,
                        0));
        assertThat(result.authenticated()).contains(DomainName.of("a.example"));
        assertThat(result.mechanism()).isEqualTo("+ip4:192.0.2.0/24");
    }

    @Test
    void heloIsCheckedWhateverTheReversePath() {
        dns.txt("helo.example", "v=spf1 -all exp=why.example").txt("why.example", "%{s} %{o} %{d} %{h}");

        SpfResult result = verifier().checkHelo(query());

        assertThat(result.identity()).isEqualTo(SpfIdentity.HELO);
        assertThat(result.domain()).isEqualTo("helo.example");
        assertThat(result.outcome()).isEqualTo(SpfOutcome.FAIL);
        assertThat(result.authenticated()).isEmpty();
        assertThat(result.explanation()).contains("postmaster@helo.example helo.example helo.example helo.example");
    }

    @Test
    void nullPathIsThePostmasterAtHelo() {
        dns.txt("helo.example", "v=spf1 -all exp=why.example").txt("why.example", "%{s}");

        SpfResult result = verifier().checkMailFrom(query("192.0.2.1", "helo.example", new NullPath()));

        assertThat(result.identity()).isEqualTo(SpfIdentity.MAIL_FROM);
        assertThat(result.domain()).isEqualTo("helo.example");
        assertThat(result.explanation()).contains("postmaster@helo.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "localhost",
                "localhost.",
                "[192.0.2.1]",
                "[IPv6:2001:db8::1]",
                "a..example",
                ".a.example",
                "a.example..",
                "a b.example",
                "-a.example",
                "a.example\r\nX: y",
                "a\u0000.example",
                "%{i}.example"
            })
    void nameThatIsNoneHasNothingToCheckAndIsNotAskedFor(String helo) {
        SpfResult result = verifier().checkHelo(query("192.0.2.1", helo, new NullPath()));

        assertThat(result.outcome()).isEqualTo(SpfOutcome.NONE);
        assertThat(result.mechanism()).isEqualTo("default");
        assertThat(dns.questions()).isEmpty();
        assertThat(result.domain()).matches("[ -~]*");
    }

    @Test
    void hugeHeloIsCut() {
        SpfResult result = verifier().checkHelo(query("192.0.2.1", "a.".repeat(1_000_000) + "example", new NullPath()));

        assertThat(result.outcome()).isEqualTo(SpfOutcome.NONE);
        assertThat(result.domain()).hasSize(255);
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void addressLiteralHasNothingToCheck() {
        ReversePath literal = Mailbox.parse("user@[192.0.2.1]").orElseThrow();

        assertThat(verifier()
                        .checkMailFrom(query("192.0.2.1", "helo.example", literal))
                        .outcome())
                .isEqualTo(SpfOutcome.NONE);
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void internationalHeloIsAskedForAsALabels() {
        dns.txt("xn--bcher-kva.example", "v=spf1 ip4:192.0.2.1 -all");

        assertThat(verifier()
                        .checkHelo(query("192.0.2.1", "B\u00dccher.example.", new NullPath()))
                        .authenticated())
                .contains(DomainName.of("xn--bcher-kva.example"));
        assertThat(dns.questions()).containsExactly("xn--bcher-kva.example TXT");
    }

    @Test
    void mappedAddressIsTheIp4Address() throws UnknownHostException {
        byte[] mapped = IpText.ip6("::ffff:192.0.2.1").orElseThrow().getAddress();
        dns.txt("a.example", "v=spf1 -ip6:::/0 ip4:192.0.2.1 -all");

        assertThat(new SpfQuery(InetAddress.getByAddress(mapped), "", new NullPath(), RECEIVER).client())
                .isEqualTo(IpText.ip("192.0.2.1").orElseThrow());
        assertThat(verifier()
                        .checkMailFrom(query("::ffff:192.0.2.1", "", Mailbox.of("u", DomainName.of("a.example"))))
                        .outcome())
                .isEqualTo(SpfOutcome.PASS);
    }

    // records

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1                            | neutral   | default",
                "v=spf1 ip4:192.0.2.2              | neutral   | default",
                "v=spf1 ?all                       | neutral   | ?all",
                "v=spf1 ~all                       | softfail  | ~all",
                "v=spf1 -ALL                       | fail      | -ALL",
                "v=spf1 all -all                   | pass      | all",
                "v=spf1 a                          | pass      | a",
                "v=spf1 a:b.example                | neutral   | default",
                "v=spf1 a:b.example/24             | pass      | a:b.example/24",
                "v=spf1 a:b.example/30 -all        | pass      | a:b.example/30",
                "v=spf1 a:b.example/31 -all        | fail      | -all",
                "v=spf1 a:b.example//0 -all        | fail      | -all",
                "v=spf1 a:none.example/0 -all      | fail      | -all",
                "v=spf1 mx                         | pass      | mx",
                "v=spf1 mx:b.example/0             | neutral   | default",
                "v=spf1 ptr                        | pass      | ptr",
                "v=spf1 ptr:mple                   | permerror | default",
                "v=spf1 ptr:c.example              | pass      | ptr:c.example",
                "v=spf1 ptr:b.example -all         | fail      | -all",
                "v=spf1 exists:b.example           | pass      | exists:b.example",
                "v=spf1 exists:none.example        | neutral   | default",
                "v=spf1 include:pass.example -all  | pass      | include:pass.example",
                "v=spf1 -include:pass.example all  | fail      | -include:pass.example",
                "v=spf1 include:fail.example ~all  | softfail  | ~all",
                "v=spf1 include:b.example          | permerror | default",
                "v=spf1 include:bad.example all    | permerror | default",
                "v=spf1 include:%{d1}              | permerror | default",
                "v=spf1 redirect=pass.example      | pass      | ip4:192.0.2.1",
                "v=spf1 redirect=fail.example      | fail      | -all",
                "v=spf1 redirect=pass.example -all | fail      | -all",
                "v=spf1 redirect=b.example         | permerror | default",
                "v=spf1 redirect=%{d1}             | permerror | default",
                "v=spf1 all moo                    | permerror | default",
                "v=spf1 include:slow.example all   | temperror | default",
                "v=spf1 a:slow.example all         | temperror | default",
                "v=spf1 mx:slow.example all        | temperror | default",
                "v=spf1 exists:slow.example all    | temperror | default",
                "v=spf1 all a:slow.example         | pass      | all",
            })
    void recordIsFollowed(String record, String outcome, String mechanism) {
        dns.a("a.example", "198.51.100.1", "192.0.2.1")
                .a("b.example", "192.0.2.2")
                .mx("a.example", 20, "a.example")
                .mx("a.example", 10, "b.example")
                .ptr(REVERSE, "forged.b.example", "mail.c.example", "a.example")
                .a("mail.c.example", "192.0.2.1")
                .a("forged.b.example", "192.0.2.2")
                .txt("pass.example", "v=spf1 ip4:192.0.2.1 -all")
                .txt("fail.example", "v=spf1 -all")
                .txt("bad.example", "v=spf1 moo")
                .silent("slow.example");

        SpfResult result = check(record);

        assertThat(result.outcome().word()).as("%s", result).isEqualTo(outcome);
        assertThat(result.mechanism()).isEqualTo(mechanism);
        assertThat(result.problem().isPresent()).isEqualTo(outcome.endsWith("error"));
    }

    @ParameterizedTest
    @CsvSource({
        "a//64, pass",
        "a//65, fail",
        "a/0, fail",
        "mx//64, pass",
        "mx//65, fail",
        "ip6:2001:db8::/32, pass",
        "ip6:2001:db8::/33, pass",
        "ip6:2001:db8:8000::/33, fail",
        "ip4:0.0.0.0/0, fail",
        "ptr, pass",
        "exists:four.example, pass",
        "exists:a.example, fail"
    })
    void ip6ClientIsComparedWithIp6Addresses(String mechanism, String outcome) {
        dns.txt("a.example", "v=spf1 " + mechanism + " -all")
                .aaaa("a.example", "2001:db8::8000:0:0:9")
                .mx("a.example", 1, "a.example")
                .a("four.example", "127.0.0.2")
                .ptr(new ClientText(IpText.ip("2001:db8::1").orElseThrow()).reverseName(), "six.a.example")
                .aaaa("six.a.example", "2001:db8::1");

        assertThat(verifier()
                        .checkMailFrom(query("2001:db8::1", "h.example", Mailbox.of("u", DomainName.of("a.example"))))
                        .outcome()
                        .word())
                .isEqualTo(outcome);
    }

    @Test
    void otherTextsDoNotMatter() {
        dns.txt("a.example", "v=spf10 -all").txt("a.example", "\u00ff\u0000").txt("a.example", "");

        assertThat(check("v=spf1 ip4:192.0.2.1").outcome()).isEqualTo(SpfOutcome.PASS);
    }

    @Test
    void twoRecordsAreAnError() {
        dns.txt("a.example", "v=spf1 all");

        assertThat(check("V=SPF1 all").problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("a.example publishes 2 SPF records"));
    }

    @Test
    void problemNamesTheRecordAndTheTerm() {
        dns.txt("b.example", "v=spf1 a ipv4:192.0.2.1");

        assertThat(check("v=spf1 include:b.example").problem())
                .contains("the SPF record of b.example, column 10, ipv4:192.0.2.1: no mechanism has this name;"
                        + " write ip4 or ip6");
    }

    @Test
    void noAnswerIsATemporaryErrorAndNeverAPass() {
        SpfVerifier deaf = new SpfVerifier(Resolver.none(), SpfSettings.RECOMMENDED, clock);

        assertThat(deaf.checkMailFrom(query()).outcome()).isEqualTo(SpfOutcome.TEMPERROR);
        assertThat(deaf.checkMailFrom(query()).problem())
                .contains("no answer about a.example: no resolver is configured");
        assertThat(deaf.checkHelo(query()).outcome()).isEqualTo(SpfOutcome.TEMPERROR);
    }

    @Test
    void errorOfAClientsNameIsNoErrorOfTheCheck() {
        dns.ptr(REVERSE, "slow.example", "mail.a.example")
                .silent("slow.example")
                .a("mail.a.example", "192.0.2.1");

        assertThat(check("v=spf1 ptr -all").outcome()).isEqualTo(SpfOutcome.PASS);
    }

    @Test
    void errorOfTheReverseNameIsNoMatch() {
        dns.silent(REVERSE);
        SpfResult result = check("v=spf1 ptr -all");

        assertThat(result.outcome()).isEqualTo(SpfOutcome.FAIL);
        assertThat(result.voidLookUps()).isZero();
    }

    // explanations

    @Test
    void redirectedRecordExplains() {
        dns.txt("b.example", "v=spf1 -all exp=b-why.example")
                .txt("a-why.example", "not me")
                .txt("b-why.example", "%{d} says no to %{o}");

        assertThat(check("v=spf1 exp=a-why.example redirect=b.example").explanation())
                .contains("b.example says no to a.example");
    }

    @Test
    void includedRecordDoesNotExplain() {
        dns.txt("b.example", "v=spf1 ip4:192.0.2.1 exp=b-why.example").txt("b-why.example", "not me");
        SpfResult result = check("v=spf1 -include:b.example");

        assertThat(result.outcome()).isEqualTo(SpfOutcome.FAIL);
        assertThat(result.explanation()).isEmpty();
        assertThat(dns.questions()).doesNotContain("b-why.example TXT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"~all", "?all", "all"})
    void onlyAFailIsExplained(String all) {
        dns.txt("why.example", "words");

        assertThat(check("v=spf1 " + all + " exp=why.example").explanation()).isEmpty();
        assertThat(dns.questions()).containsExactly("a.example TXT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow.example", "none.example", "two.example", "%{h}..example", "bad.example"})
    void explanationThatCannotBeHadIsNone(String name) {
        dns.silent("slow.example")
                .txt("two.example", "1")
                .txt("two.example", "2")
                .txt("bad.example", "%");
        SpfResult result = check("v=spf1 -all exp=" + name);

        assertThat(result.finding()).isEqualTo(new SpfResult.Matched(SpfOutcome.FAIL, "-all", ""));
        assertThat(result.lookUps()).isZero();
        assertThat(result.voidLookUps()).isZero();
    }

    // limits

    @Test
    void tenTermsMayAskDns() {
        dns.a("a.example", "192.0.2.2");
        SpfResult result = check("v=spf1" + " a".repeat(10) + " ip4:192.0.2.1");

        assertThat(result.outcome()).isEqualTo(SpfOutcome.PASS);
        assertThat(result.lookUps()).isEqualTo(10);
    }

    @Test
    void elevenTermsMayNot() {
        dns.a("a.example", "192.0.2.2");
        SpfResult result = check("v=spf1" + " a".repeat(10) + " a:eleven.example ip4:192.0.2.1");

        assertThat(result.outcome()).isEqualTo(SpfOutcome.PERMERROR);
        assertThat(result.problem()).contains("more than 10 terms ask DNS; the first too many is a:eleven.example");
        assertThat(dns.questions()).hasSize(11);
    }

    @Test
    void termsBehindTheMatchDoNotCount() {
        dns.a("a.example", "192.0.2.1");

        assertThat(check("v=spf1" + " a".repeat(100)).lookUps()).isEqualTo(1);
    }

    @Test
    void firstUseOfTheClientsNameCountsToo() {
        dns.a("x.unknown.example", "127.0.0.2").a("a.example", "192.0.2.2");

        assertThat(check("v=spf1 -exists:y.%{p}.example ?exists:x.%{p}.example").lookUps())
                .isEqualTo(3);
        dns.txt("b.example", "v=spf1" + " a:a.example".repeat(9) + " exists:x.%{p}.example");
        SpfResult tooMany = verifier().checkHelo(query("192.0.2.1", "b.example", new NullPath()));
        assertThat(tooMany.problem()).contains("more than 10 terms ask DNS; the first too many is %{p}");
    }

    @ParameterizedTest
    @CsvSource({
        "a:n1.example a:n2.example, neutral, 2",
        "a:n1.example a:n2.example a:n3.example, permerror, 3",
        "a:n1.example a:n1.example a:n1.example, permerror, 3",
        "exists:n1.example mx:n1.example ptr:n1.example, permerror, 3",
        "exists:n1.example mx:n1.example, neutral, 2",
        "mx:dead.example a:n1.example, neutral, 2",
        "mx:dead.example mx:dead.example mx:dead.example, permerror, 3",
        "mx:null.example mx:null.example mx:null.example, neutral, 0",
        "a:empty.example a:empty.example a:empty.example, permerror, 3",
        "include:voids.example a:n1.example, permerror, 3",
        "include:voids.example, neutral, 2",
        "a:n1.example a:n2.example all, pass, 2",
    })
    void twoTermsMayAskForWhatDoesNotExist(String terms, String outcome, int voids) {
        dns.mx("dead.example", 1, "n1.example")
                .mx("dead.example", 2, "n2.example")
                .mx("dead.example", 3, "n3.example")
                .mx("null.example", 0, "")
                .txt("empty.example", "a name without addresses")
                .txt("voids.example", "v=spf1 a:n1.example a:n2.example -all");
        SpfResult result = check("v=spf1 " + terms);

        assertThat(result.outcome().word()).as("%s", result).isEqualTo(outcome);
        assertThat(result.voidLookUps()).isEqualTo(voids);
    }

    @Test
    void limitOfVoidLookUpsIsASetting() {
        dns.txt("a.example", "v=spf1 a:n1.example a:n2.example a:n3.example a:n4.example ip4:192.0.2.1");

        assertThat(new SpfVerifier(dns, new SpfSettings(4, Duration.ofSeconds(20)), clock)
                        .checkMailFrom(query())
                        .outcome())
                .isEqualTo(SpfOutcome.PASS);
        assertThat(new SpfVerifier(dns, new SpfSettings(0, Duration.ofSeconds(20)), clock)
                        .checkMailFrom(query())
                        .outcome())
                .isEqualTo(SpfOutcome.PERMERROR);
    }

    @Test
    void tenExchangersAreAskedForAndElevenNoneIs() {
        for (int i = 0; i < 10; i++) {
            dns.mx("a.example", i, "mx" + i + ".example").a("mx" + i + ".example", "198.51.100." + i);
        }
        assertThat(check("v=spf1 mx -all").outcome()).isEqualTo(SpfOutcome.FAIL);
        assertThat(dns.questions()).hasSize(12);

        dns.mx("a.example", 10, "mx10.example");
        assertThat(check().problem()).contains("mx of a.example leads to 11 mail exchangers; the limit is 10");
        assertThat(dns.questions()).hasSize(14);
    }

    @Test
    void onlyTheFirstTenNamesOfTheClientCountAndAreAskedForOnce() {
        for (int i = 0; i < 5_000; i++) {
            dns.ptr(REVERSE, "n" + i + ".b.example");
        }
        dns.ptr(REVERSE, "mail.a.example").a("mail.a.example", "192.0.2.1");

        assertThat(check("v=spf1 ptr ptr:b.example ptr:c.example -all").outcome())
                .isEqualTo(SpfOutcome.FAIL);
        assertThat(dns.questions()).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void greatestNumberOfQuestions() {
        for (int i = 0; i < 10; i++) {
            for (int host = 0; host < 10; host++) {
                String name = "h" + host + ".m" + i + ".example";
                dns.mx("m" + i + ".example", host, name).a(name, "198.51.100.1");
            }
            dns.ptr(REVERSE, "n" + i + ".example");
        }
        dns.txt("why.example", "%{p}");
        SpfResult result = check("v=spf1 mx:m0.example mx:m1.example mx:m2.example mx:m3.example mx:m4.example"
                + " mx:m5.example mx:m6.example mx:m7.example mx:m8.example mx:m9.example -all exp=why.example");

        assertThat(result.explanation()).contains("unknown");
        assertThat(dns.questions()).hasSize(SpfVerifier.MOST_QUESTIONS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "include:a.example",
                "include:%{d}",
                "redirect=a.example",
                "redirect=%{o}",
                "include:b.example redirect=b.example",
                "include:x.%{d}"
            })
    void loopEnds(String term) {
        dns.txt("b.example", "v=spf1 include:a.example");
        String name = "a.example";
        for (int i = 0; i < 20; i++) {
            name = "x." + name;
            dns.txt(name, "v=spf1 include:x.%{d}");
        }
        SpfResult result = check("v=spf1 " + term);

        assertThat(result.outcome()).isEqualTo(SpfOutcome.PERMERROR);
        assertThat(result.lookUps()).isEqualTo(10);
        assertThat(dns.questions()).hasSize(11);
    }

    @Test
    void treeOfIncludesEnds() {
        String many = "v=spf1" + " include:a.example include:b.example".repeat(1000);
        dns.txt("b.example", many);

        assertThat(check(many).outcome()).isEqualTo(SpfOutcome.PERMERROR);
        assertThat(dns.questions()).hasSize(11);
    }

    @Test
    void thousandsOfTextsAreOneQuestion() {
        for (int i = 0; i < 5_000; i++) {
            dns.txt("a.example", "v=spf2 " + i);
        }
        assertThat(check("v=spf1 ip4:192.0.2.1").outcome()).isEqualTo(SpfOutcome.PASS);
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void recordOf64KibibytesIsFollowedToItsEnd() {
        String networks = IntStream.range(0, 4_000)
                .mapToObj(i -> "ip4:10." + i / 256 + "." + i % 256 + ".0")
                .collect(Collectors.joining(" "));

        assertThat(check("v=spf1 " + networks + " ip4:192.0.2.1 -all").outcome())
                .isEqualTo(SpfOutcome.PASS);
        assertThat(dns.questions()).hasSize(1);
    }

    @Test
    void hugeMacrosAreCutBeforeTheyAreMade() {
        String macros = "%{o}.".repeat(12_000);
        SpfResult result = check("v=spf1" + (" exists:" + macros + "example").repeat(2));

        assertThat(result.outcome()).isEqualTo(SpfOutcome.NEUTRAL);
        assertThat(dns.questions()).hasSize(3).allMatch(question -> question.length() < 260);
    }

    @Test
    void problemIsShortAndPrintableWhateverTheRecord() {
        SpfResult result = check("v=spf1 include:" + "x".repeat(60_000) + ".example");

        assertThat(result.problem())
                .hasValueSatisfying(problem -> assertThat(problem).matches("[ -~]{1,500}"));
        FakeDns other = new FakeDns().txt("a.example", "v=spf1 \r\n250\u00e9" + "x".repeat(60_000));
        assertThat(new SpfVerifier(other, SpfSettings.RECOMMENDED, clock)
                        .checkMailFrom(query())
                        .problem())
                .hasValueSatisfying(problem -> assertThat(problem).matches("[ -~]{1,500}"));
    }

    @Test
    void longDirectiveIsCut() {
        SpfResult result = check("v=spf1 exists:" + "a.".repeat(30_000) + "example");
        assertThat(result.outcome()).isEqualTo(SpfOutcome.NEUTRAL);

        dns.a(dns.questions().getLast().replace(" A", ""), "127.0.0.2");
        assertThat(check().mechanism())
                .startsWith("exists:a.a.")
                .endsWith("...")
                .hasSize(255);
    }

    @Test
    void checkEndsWhenItsTimeIsOver() {
        dns.a("a.example", "198.51.100.1").onQuestion(() -> clock.advance(Duration.ofSeconds(6)));
        SpfResult result = check("v=spf1" + " a".repeat(10) + " all");

        assertThat(result.outcome()).isEqualTo(SpfOutcome.TEMPERROR);
        assertThat(result.problem()).contains("the check took more than 20 seconds");
        assertThat(dns.questions()).hasSize(4);
    }

    @Test
    void slowNamesOfTheClientEndTheCheckToo() {
        for (int i = 0; i < 10; i++) {
            dns.ptr(REVERSE, "n" + i + ".example");
        }
        dns.onQuestion(() -> clock.advance(Duration.ofSeconds(6)));

        assertThat(check("v=spf1 ptr -all").outcome()).isEqualTo(SpfOutcome.TEMPERROR);
        assertThat(dns.questions()).hasSize(4);
    }

    @Test
    void slowExplanationIsNone() {
        dns.txt("why.example", "words").onQuestion(() -> clock.advance(Duration.ofSeconds(21)));
        SpfResult result = check("v=spf1 -all exp=why.example");

        assertThat(result.finding()).isEqualTo(new SpfResult.Matched(SpfOutcome.FAIL, "-all", ""));
        assertThat(dns.questions()).hasSize(1);
    }
}
