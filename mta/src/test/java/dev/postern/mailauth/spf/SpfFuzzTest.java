package dev.postern.mailauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ManualClock;
import java.util.List;
import java.util.Optional;

/// Records, explanations, names and senders of strangers: a check ends in a result that can be
/// shown, after a bounded number of questions.
class SpfFuzzTest {
    private static final List<String> NAMES = List.of(
            "a.example", "b.example", "x.a.example", "1.2.0.192.in-addr.arpa", "user.a.example", "unknown.example");
    private static final List<String> TERMS = List.of(
            "a",
            "mx",
            "ptr",
            "-all",
            "include:b.example",
            "redirect=a.example",
            "exp=x.a.example",
            "exists:%{p}.example");

    @FuzzTest
    void record(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        for (String record : List.of(text, "v=spf1 " + text)) {
            switch (SpfRecord.parse(record)) {
                case SpfRecord.Good good -> {
                    assertThat(good.record().toString()).matches("[ -~]*");
                    assertThat(SpfRecord.parse(good.record().toString())).isEqualTo(good);
                }
                case SpfRecord.Bad bad -> assertThat(bad.toString()).matches("[ -~]*");
            }
        }
    }

    @FuzzTest
    void check(FuzzedDataProvider data) {
        SpfQuery query = query(data);
        FakeDns dns = zone(data);
        SpfVerifier verifier = new SpfVerifier(dns, SpfSettings.RECOMMENDED, ManualClock.atNoon());
        for (SpfResult result : List.of(verifier.checkHelo(query), verifier.checkMailFrom(query))) {
            assertThat(result.domain() + result.mechanism() + result.explanation() + result.problem())
                    .matches("[ -~]*");
            assertThat(result.explanation().orElse("").length()).isLessThanOrEqualTo(SpfResult.LONGEST_EXPLANATION);
            assertThat(result.lookUps()).isLessThanOrEqualTo(10);
            assertThat(result.voidLookUps()).isLessThanOrEqualTo(3);
            assertThat(ReceivedSpf.field(query, result)).matches("(?:[ -~\t]|\r\n(?=\t)|\r\n$)*");
        }
        assertThat(dns.questions().size()).isLessThanOrEqualTo(2 * SpfVerifier.MOST_QUESTIONS);
    }

    private static SpfQuery query(FuzzedDataProvider data) {
        String client = data.pickValue(List.of("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"));
        Optional<Mailbox> sender = Mailbox.parse(data.consumeString(80)).or(() -> Mailbox.parse("user@a.example"));
        return new SpfQuery(
                IpText.ip(client).orElseThrow(),
                data.consumeBoolean() ? data.pickValue(NAMES) : data.consumeString(80),
                data.consumeBoolean()
                        ? sender.<ReversePath>map(mailbox -> mailbox).orElseThrow()
                        : new NullPath(),
                DomainName.of("mx.receiver.example"));
    }

    private static FakeDns zone(FuzzedDataProvider data) {
        FakeDns dns = new FakeDns();
        int records = data.consumeInt(1, 20);
        for (int i = 0; i < records; i++) {
            String name = data.pickValue(NAMES);
            switch (data.consumeInt(0, 8)) {
                case 0 -> dns.a(name, "192.0.2." + data.consumeInt(0, 3));
                case 1 -> dns.aaaa(name, "2001:db8::" + data.consumeInt(0, 3));
                case 2 -> dns.mx(name, data.consumeInt(0, 3), data.consumeBoolean() ? data.pickValue(NAMES) : "");
                case 3 -> dns.ptr(name, data.pickValue(NAMES));
                case 4 -> dns.silent(name);
                case 5 -> dns.txt(name, data.consumeString(200));
                default -> dns.txt(name, record(data, data.consumeInt(0, 15)));
            }
        }
        return dns;
    }

    private static String record(FuzzedDataProvider data, int terms) {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int i = 0; i < terms; i++) {
            record.append(' ').append(data.consumeBoolean() ? data.pickValue(TERMS) : data.consumeString(40));
        }
        return record.toString();
    }
}
