package dev.postern.mailauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedSpfTest {
    private static final DomainName RECEIVER = DomainName.of("mx.receiver.example");
    private static final Mailbox SENDER = Mailbox.of("user", DomainName.of("a.example"));

    /// A field as the grammar of RFC 7208 §9.1 has it, unfolded; comments hold no quotes and no
    /// further comments.
    private static final Pattern FIELD = Pattern.compile("Received-SPF: ([a-z]+) \\([^()\\\\]*\\) (.*)\r\n");

    private static final Pattern PAIR = Pattern.compile(
            "([a-z-]+)=([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|\"(?:[^\"\\\\]|\\\\.)*\")(; |$)");

    private static SpfQuery query(String client, String helo, ReversePath sender) {
        return new SpfQuery(IpText.ip(client).orElseThrow(), helo, sender, RECEIVER);
    }

    private static SpfResult result(String domain, SpfResult.Finding finding) {
        return new SpfResult(SpfIdentity.MAIL_FROM, domain, finding, 0, 0);
    }

    /// The pairs of a field, read as strictly as the grammar is; the result stands under "".
    private static Map<String, String> read(String field) {
        assertThat(field).endsWith("\r\n").matches("(?:[ -~\t]|\r\n(?=\t)|\r\n$)*");
        assertThat(List.of(field.split("\r\n"))).allMatch(line -> line.length() <= 998);
        Matcher whole = FIELD.matcher(field.replace("\r\n\t", " "));
        assertThat(whole.matches()).as(field).isTrue();
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put("", whole.group(1));
        Matcher pair = PAIR.matcher(whole.group(2));
        int end = 0;
        while (pair.find() && pair.start() == end) {
            assertThat(pairs.put(pair.group(1), pair.group(2)))
                    .as("one key twice")
                    .isNull();
            end = pair.end();
        }
        assertThat(end).as(field).isEqualTo(whole.group(2).length());
        return pairs;
    }

    @Test
    void passIsTold() {
        assertThat(ReceivedSpf.field(
                        query("192.0.2.1", "helo.example", SENDER),
                        result("a.example", new SpfResult.Matched(SpfOutcome.PASS, "ip4:192.0.2.0/24", ""))))
                .isEqualTo("""
                        Received-SPF: pass
                        \t(mx.receiver.example: a.example designates 192.0.2.1 as permitted sender)
                        \treceiver=mx.receiver.example;
                        \tidentity=mailfrom;
                        \tclient-ip=192.0.2.1;
                        \thelo=helo.example;
                        \tenvelope-from="user@a.example";
                        \tmechanism="ip4:192.0.2.0/24"
                        """.replace("\n", "\r\n"));
    }

    @Test
    void errorIsTold() {
        Map<String, String> pairs = read(ReceivedSpf.field(
                query("2001:db8::1", "[IPv6:2001:db8::1]", new NullPath()),
                new SpfResult(
                        SpfIdentity.HELO,
                        "a.example",
                        new SpfResult.Broken(SpfOutcome.PERMERROR, "column 8, \"moo\": wrong"),
                        1,
                        0)));

        assertThat(pairs)
                .containsEntry("", "permerror")
                .containsEntry("identity", "helo")
                .containsEntry("client-ip", "\"2001:db8::1\"")
                .containsEntry("helo", "\"[IPv6:2001:db8::1]\"")
                .containsEntry("envelope-from", "\"\"")
                .containsEntry("problem", "\"column 8, \\\"moo\\\": wrong\"")
                .doesNotContainKey("mechanism");
    }

    @ParameterizedTest
    @EnumSource(SpfOutcome.class)
    void everyOutcomeIsToldByItsWord(SpfOutcome outcome) {
        SpfResult.Finding finding = switch (outcome) {
            case NONE -> new SpfResult.Nothing("no record");
            case NEUTRAL -> new SpfResult.Unmatched();
            case PASS, FAIL, SOFTFAIL -> new SpfResult.Matched(outcome, "all", "an (explanation)");
            case TEMPERROR, PERMERROR -> new SpfResult.Broken(outcome, "a problem");
        };

        Map<String, String> pairs =
                read(ReceivedSpf.field(query("192.0.2.1", "h.example", SENDER), result("a.example", finding)));

        assertThat(pairs).containsEntry("", outcome.word());
        assertThat(pairs.toString()).doesNotContain("explanation");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "\\",
                "\\\"; x=\"",
                "a; client-ip=127.0.0.1; helo=b",
                "a\"; client-ip=127.0.0.1; helo=\"b",
                "a\r\nReceived-SPF: pass",
                "a\nX: y\rZ: \u0000\u0085\u2028",
                "(((((((comment",
                "comment)))))))",
                "a\\) pass (",
                "..",
                "a..b",
                "\u00e4\ud83d\ude00",
                "=?utf-8?q?x?=",
                "\ud800"
            })
    void noValueBreaksOut(String value) {
        for (String helo : List.of(value, value.repeat(300))) {
            String field = ReceivedSpf.field(
                    query("192.0.2.1", helo, SENDER),
                    result(
                            Printable.of(helo, SpfResult.LONGEST_TEXT),
                            new SpfResult.Broken(SpfOutcome.PERMERROR, Printable.of(helo, SpfResult.LONGEST_PROBLEM))));

            Map<String, String> pairs = read(field);
            assertThat(pairs.keySet())
                    .containsExactly("", "receiver", "identity", "client-ip", "helo", "envelope-from", "problem");
            assertThat(pairs)
                    .containsEntry("", "permerror")
                    .containsEntry("client-ip", "192.0.2.1")
                    .containsEntry("envelope-from", "\"user@a.example\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"; x=\"b", "\\", "a b", "\u00e4", "(", "a\\\"; result=pass"})
    void noLocalPartBreaksOut(String localPart) {
        Mailbox sender = new Mailbox(new LocalPart(localPart), new Host.Domain(DomainName.of("a.example")));

        Map<String, String> pairs = read(ReceivedSpf.field(
                query("192.0.2.1", "h.example", sender),
                result("a.example", new SpfResult.Matched(SpfOutcome.FAIL, "-all", "a\r\nb: c"))));

        assertThat(pairs.keySet())
                .containsExactly("", "receiver", "identity", "client-ip", "helo", "envelope-from", "mechanism");
    }
}
