package dev.postern.mailauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The test suite that openspf.org made for RFC 4408, all of it, with the results that RFC 7208
/// wants.
class OpenSpfSuiteTest {
    private static final DomainName RECEIVER = DomainName.of("mx.receiver.example");

    /// A result of ours that differs from the suite's, or is one of several that it permits.
    ///
    /// @param explanation the one expected, where it differs
    private record Choice(String result, String explanation, String why) {
        Choice(String result, String why) {
            this(result, "", why);
        }
    }

    /// Where the suite permits several results, one of them is right now.
    private static final Map<String, Choice> CHOICES = Map.ofEntries(
            Map.entry("txtonly", new Choice("fail", "RFC 7208 §3.1: records are of type TXT only")),
            Map.entry("spfonly", new Choice("none", "RFC 7208 §3.1: records are of type TXT only")),
            Map.entry("spftimeout", new Choice("fail", "RFC 7208 §3.1: nobody asks for the type SPF")),
            Map.entry("txttimeout", new Choice("temperror", "RFC 7208 §4.4: the question for TXT failed")),
            Map.entry("nospftxttimeout", new Choice("temperror", "RFC 7208 §4.4: the question for TXT failed")),
            Map.entry("spfoverride", new Choice("fail", "RFC 7208 §3.1: the TXT record counts")),
            Map.entry("multitxt1", new Choice("permerror", "RFC 7208 §4.5: two TXT records")),
            Map.entry("multispf1", new Choice("permerror", "RFC 7208 §4.5: two records, though alike")),
            Map.entry("multispf2", new Choice("pass", "RFC 7208 §3.1: the one TXT record counts")),
            Map.entry("invalid-domain-empty-label", new Choice("fail", "RFC 7208 §4.8 leaves it open; no match")),
            Map.entry("invalid-domain-long", new Choice("fail", "RFC 7208 §4.8 leaves it open; no match")),
            Map.entry("invalid-domain-long-via-macro", new Choice("fail", "RFC 7208 §4.8 leaves it open; no match")),
            Map.entry("exists-dnserr", new Choice("temperror", "RFC 7208 §5: an error of DNS is a temperror")),
            Map.entry("cidr6-0-ip4", new Choice("neutral", "RFC 7208 §5: a mapped address is IPv4 and nothing else")),
            Map.entry("cidr6-ip4", new Choice("neutral", "RFC 7208 §5: a mapped address is IPv4 and nothing else")),
            Map.entry("p-macro-multiple", new Choice("pass", "RFC 7208 §7.3: a name within the domain is preferred")),
            Map.entry("mx-limit", new Choice("permerror", "RFC 7208 §4.6.4: more than ten exchangers")),
            Map.entry("ptr-limit", new Choice("neutral", "RFC 7208 §4.6.4: only the first ten names count")));

    private static final String NO_SUCH_NAME = "a name with other characters than letters, digits, hyphens and"
            + " underscores cannot be asked for here: see doc/rfc/index.tsv";

    /// Where ours is another result than the suite's.
    private static final Map<String, Choice> DIFFERENCES = Map.ofEntries(
            Map.entry("a-colon-domain", new Choice("neutral", NO_SUCH_NAME)),
            Map.entry("a-colon-domain-ip4mapped", new Choice("neutral", NO_SUCH_NAME)),
            Map.entry("mx-colon-domain", new Choice("neutral", NO_SUCH_NAME)),
            Map.entry("mx-colon-domain-ip4mapped", new Choice("neutral", NO_SUCH_NAME)),
            Map.entry("macro-mania-in-domain", new Choice("fail", NO_SUCH_NAME)),
            Map.entry(
                    "v-macro-ip6",
                    new Choice(
                            "fail",
                            "cafe:babe::1 is queried as"
                                    + " 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.e.b.a.b.e.f.a.c.ip6.arpa",
                            "RFC 7208 §7.4: the example has lower-case digits")));

    /// One case of the suite with the zone that it is played in.
    record Case(String name, Map<String, Object> test, Map<String, List<Object>> zone) {
        @Override
        public String toString() {
            return name;
        }

        String text(String key) {
            return Objects.toString(test.get(key), "");
        }

        List<?> results() {
            return test.get("result") instanceof List<?> list ? list : List.of(text("result"));
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream file = OpenSpfSuiteTest.class.getResourceAsStream("rfc4408-tests.yml")) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(file)) {
                Map<String, Map<String, Object>> scenario = cast(document);
                Map<String, List<Object>> zone = cast(scenario.get("zonedata"));
                scenario.get("tests").forEach((name, test) -> cases.add(new Case(name, cast(test), zone)));
            }
        }
        return cases;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the suite's form is known
    private static <T> T cast(Object part) {
        return (T) part;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void suite(Case one) {
        SpfVerifier verifier = new SpfVerifier(dns(one.zone()), SpfSettings.RECOMMENDED, InstantSource.system());

        SpfResult result = verifier.checkMailFrom(query(one));

        Choice expected = DIFFERENCES.getOrDefault(one.name(), CHOICES.get(one.name()));
        if (expected == null) {
            assertThat(one.results()).as("a result must be chosen").hasSize(1);
            assertThat(result.outcome().word()).as("%s", result).isEqualTo(one.text("result"));
        } else {
            assertThat(result.outcome().word())
                    .as("%s, %s", expected.why(), result)
                    .isEqualTo(expected.result());
        }
        if (one.test().containsKey("explanation")) {
            String text = one.text("explanation").equals("DEFAULT") ? "" : one.text("explanation");
            assertThat(result.explanation().orElse(""))
                    .isEqualTo(expected == null || expected.explanation().isEmpty() ? text : expected.explanation());
        }
    }

    @Test
    void suiteIsWholeAndDifferencesAreReal() throws IOException {
        List<Case> cases = cases();
        Set<String> several = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Case one : cases) {
            names.add(one.name());
            if (one.results().size() > 1) {
                several.add(one.name());
                assertThat(one.results())
                        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                        .contains(CHOICES.get(one.name()).result());
            }
        }

        assertThat(cases).hasSize(191);
        assertThat(names).hasSize(191).containsAll(DIFFERENCES.keySet());
        assertThat(several).isEqualTo(CHOICES.keySet());
    }

    /// A reverse-path whose domain is none, or that lacks its local part, is no mailbox here and
    /// never gets past MAIL: what stands behind the `@` is then checked as the name in HELO of a
    /// null path, whose local part is "postmaster" too (RFC 7208 §2.4).
    private static SpfQuery query(Case one) {
        String from = one.text("mailfrom");
        int at = from.lastIndexOf('@');
        InetAddress client = IpText.ip(one.text("host")).orElseThrow();
        if (at < 0) {
            return new SpfQuery(client, one.text("helo"), new NullPath(), RECEIVER);
        }
        Optional<ReversePath> sender = mailbox(from.substring(0, at), from.substring(at + 1));
        return sender.isPresent()
                ? new SpfQuery(client, one.text("helo"), sender.get(), RECEIVER)
                : new SpfQuery(client, from.substring(at + 1), new NullPath(), RECEIVER);
    }

    private static Optional<ReversePath> mailbox(String localPart, String domain) {
        return localPart.isEmpty()
                ? Optional.empty()
                : Mailbox.parse(new LocalPart(localPart) + "@" + domain).map(mailbox -> mailbox);
    }

    private static FakeDns dns(Map<String, List<Object>> zone) {
        FakeDns dns = new FakeDns();
        zone.forEach((name, entries) -> {
            if (DomainName.parse(name).isEmpty()) {
                return; // one of the names that cannot be asked for
            }
            boolean hasText =
                    entries.stream().anyMatch(entry -> entry instanceof Map<?, ?> map && map.containsKey("TXT"));
            for (Object entry : entries) {
                if (entry.equals("TIMEOUT")) {
                    dns.silent(name);
                } else {
                    Map<String, Object> record = cast(entry);
                    record.forEach((type, data) -> add(dns, name, type, data, hasText));
                }
            }
        });
        return dns;
    }

    private static void add(FakeDns dns, String name, String type, Object data, boolean hasText) {
        String text = data instanceof List<?> parts && !type.equals("MX")
                ? String.join(
                        "", Stream.of(parts.toArray()).map(Object::toString).toList())
                : data.toString();
        switch (type) {
            case "TXT" -> {
                if (!text.equals("NONE")) {
                    dns.txt(name, text);
                }
            }
            case "SPF" -> {
                if (!hasText) {
                    dns.txt(name, text);
                }
            }
            case "A" -> dns.a(name, text);
            case "AAAA" -> dns.aaaa(name, text.toLowerCase(Locale.ROOT));
            case "MX" -> {
                List<?> parts = (List<?>) data;
                String host = parts.get(1).toString();
                if (host.isEmpty() || DomainName.parse(host).isPresent()) {
                    dns.mx(name, Integer.parseInt(parts.get(0).toString()), host);
                }
            }
            case "PTR" -> dns.ptr(name, text);
            default -> throw new IllegalArgumentException("no type " + type);
        }
    }
}
