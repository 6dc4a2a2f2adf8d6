package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.dns.client.DnsClient;
import dev.postern.dns.client.DnsSettings;
import dev.postern.mailauth.DnsAllowance;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.message.Author;
import dev.postern.message.MessageReader;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Content;
import dev.postern.spool.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Senders who want the check of their message to cost much, to take long, or to end without a result.
class HostileSenderTest {
    private static final DomainName RECEIVER = DomainName.of("mx.receiver.example");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");
    private static final String BODY = "Hello.\r\n";
    private static final String BANK = """
            _dmarc.bank.test. TXT "v=DMARC1; p=reject"
            bank.test. TXT "v=spf1 -all"
            """;

    private static AuthenticationReport check(Resolver dns, InstantSource clock, String domain, String message) {
        return check(new SenderAuthentication(dns, RECEIVER, clock, Optional.empty()), domain, message);
    }

    private static AuthenticationReport check(SenderAuthentication authentication, String domain, String message) {
        try {
            return authentication.check(
                    new SenderAuthentication.Bearer(CLIENT, domain, Mailbox.of("me", DomainName.of(domain))),
                    Content.of(message.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// A signature over the body that is right as far as one can see without the key.
    private static String signature(String domain, String selector) {
        return "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + domain + "; s=" + selector + "; h=from; bh="
                + hash() + "; b=AAAA\r\n";
    }

    private static String hash() {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(BODY.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String from(String... addresses) {
        return "From: " + String.join(", ", addresses) + "\r\n\r\n" + BODY;
    }

    private static Verdict judge(AuthenticationReport report) {
        return AuthenticationPolicy.judge(
                new AuthenticationSettings(
                        RECEIVER,
                        true,
                        AuthenticationSettings.Quarantine.MARK,
                        false,
                        new NetworkSet(List.of()),
                        Set.of()),
                report);
    }

    /// What comes of a name server that does not want to be understood: SPF of both identities, DKIM and DMARC.
    @ParameterizedTest
    @CsvSource({
        // kind,        spf,       dkim,      dmarc
        "SILENT,        temperror, temperror, temperror",
        "SERVFAIL,      temperror, temperror, temperror",
        "GARBAGE,       temperror, temperror, temperror",
        "WRONGID,       temperror, temperror, temperror",
        "OTHERQUESTION, temperror, temperror, temperror",
        "FOREIGN,       none,      permerror, none",
        "TRUNCATED,     temperror, temperror, temperror",
        "LOOP,          temperror, temperror, temperror",
        "CHAIN,         temperror, temperror, temperror",
        "HUGE,          permerror, permerror, fail",
        "MANY,          permerror, permerror, none",
        "DRIP,          temperror, temperror, temperror",
    })
    void nameServersOfAnyKindLeadToADefinedResult(String kind, String spf, String dkim, String dmarc)
            throws IOException {
        String domain = kind.toLowerCase(Locale.ROOT) + ".test";
        try (HostileNameServer server = new HostileNameServer();
                DnsClient dns = new DnsClient(
                        DnsSettings.of(List.of(server.endpoint())).patient(Duration.ofMillis(300), 1),
                        InstantSource.system())) {
            AuthenticationReport report =
                    check(dns, InstantSource.system(), domain, signature(domain, "s") + from("boss@" + domain));
            assertThat(report.path().helo().outcome().word())
                    .as(report.toString())
                    .isEqualTo(spf);
            assertThat(report.path().mailFrom().outcome().word()).isEqualTo(spf);
            assertThat(report.dkim().outcome().word()).isEqualTo(dkim);
            assertThat(report.dmarc().outcome()).hasToString(dmarc);
            assertThat(report.results(RECEIVER).payload(false)).doesNotContain("=pass");
            assertThat(report.inputs().toString()).hasSizeLessThan(20_000);
            assertThat(server.questions()).isLessThanOrEqualTo(100);
        }
    }

    /// Every question about a domain of the sender's takes an hour.
    private static final class Slow implements Resolver {
        private final Resolver zone = ZoneResolver.of(BANK);
        private final ManualClock clock;
        private final AtomicInteger questions = new AtomicInteger();

        Slow(ManualClock clock) {
            this.clock = clock;
        }

        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            questions.incrementAndGet();
            if (!name.text().endsWith("evil.test")) {
                return zone.resolve(name, type);
            }
            clock.advance(Duration.ofHours(1));
            return new DnsAnswer.Failed<>("time-out");
        }
    }

    @Test
    void silenceOfOnesOwnServersDoesNotHideWhatAnotherDomainAsksFor() {
        ManualClock clock = new ManualClock(Instant.parse("2026-11-24T03:00:00Z"));
        Slow dns = new Slow(clock);
        String strangers = IntStream.range(0, 9)
                .mapToObj(i -> signature("d" + i + ".evil.test", "s"))
                .collect(Collectors.joining());
        AuthenticationReport report =
                check(dns, clock, "evil.test", strangers + signature("bank.test", "s") + from("boss@bank.test"));
        assertThat(report.dkim().each())
                .extracting(DkimResult::outcome)
                .containsExactlyElementsOf(Stream.concat(
                                Collections.nCopies(9, DkimOutcome.TEMPERROR).stream(),
                                Stream.of(DkimOutcome.PERMERROR))
                        .toList());
        assertThat(report.dmarc().outcome()).isEqualTo(DmarcOutcome.FAIL);
        assertThat(judge(report)).isInstanceOf(Verdict.Reject.class);
    }

    @ParameterizedTest
    @CsvSource({"me@evil.test, boss@bank.test", "boss@bank.test, me@evil.test"})
    void silenceOfOneAuthorsServersDoesNotHideWhatTheOthersDomainAsksFor(String first, String second) {
        ManualClock clock = new ManualClock(Instant.parse("2026-11-24T03:00:00Z"));
        AuthenticationReport report = check(new Slow(clock), clock, "evil.test", from(first, second));
        assertThat(report.dmarc().evaluations()).hasSize(2);
        assertThat(judge(report)).as(report.toString()).isInstanceOf(Verdict.Reject.class);
    }

    /// Anybody may name a key of the victim's whose server happens to be silent.
    @ParameterizedTest
    @CsvSource({
        "bank.test, defer",
        "shop.test, accept", // wants quarantine, which only marks
        "test.test, accept", // only tests
        "below.bank.test, defer",
    })
    void keyThatCannotBeHadDoesNotMakeOfARefusalAnAcceptance(String domain, String verdict) {
        Resolver dns = ZoneResolver.of(BANK + """
                _dmarc.shop.test. TXT "v=DMARC1; p=quarantine"
                _dmarc.test.test. TXT "v=DMARC1; p=reject; t=y"
                old._domainkey.bank.test. SERVFAIL
                old._domainkey.shop.test. SERVFAIL
                old._domainkey.test.test. SERVFAIL
                old._domainkey.below.bank.test. SERVFAIL
                """);
        AuthenticationReport report = check(
                dns,
                ManualClock.atNoon(),
                "evil.test",
                signature(domain, "old") + from("boss@" + domain, "me@nothing.test"));
        assertThat(report.dmarc().outcome()).isEqualTo(DmarcOutcome.TEMPERROR);
        assertThat(judge(report).word()).as(judge(report).why()).isEqualTo(verdict);
    }

    @Test
    void moreAuthorsThanAreCheckedAreRefused() {
        Resolver dns = ZoneResolver.of(BANK);
        AuthenticationReport four =
                check(dns, ManualClock.atNoon(), "a.test", from("a@a.test", "b@b.test", "c@c.test", "d@d.test"));
        assertThat(judge(four)).isInstanceOf(Verdict.Accept.class);
        AuthenticationReport five = check(
                dns,
                ManualClock.atNoon(),
                "a.test",
                from("a@a.test", "b@b.test", "c@c.test", "d@d.test", "boss@bank.test"));
        assertThat(judge(five))
                .isInstanceOfSatisfying(
                        Verdict.Reject.class,
                        refused -> assertThat(refused.reply().toString()).startsWith("550 5.7.1"));
    }

    /// Each question waits until the others are asked, so that one after the other would never end.
    @Test
    void keysOfAllSignaturesAreAskedForAtTheSameTime() {
        CyclicBarrier together = new CyclicBarrier(10);
        Resolver dns = new Resolver() {
            @Override
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                try {
                    if (name.text().contains("_domainkey")) {
                        together.await(30, TimeUnit.SECONDS);
                    }
                    return new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), false);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
                    return new DnsAnswer.Failed<>("alone");
                }
            }
        };
        String signatures = IntStream.range(0, 1000)
                .mapToObj(i -> signature("evil.test", "s" + i))
                .collect(Collectors.joining());
        AuthenticationReport report =
                check(dns, ManualClock.atNoon(), "evil.test", signatures + from("boss@evil.test"));
        assertThat(report.dkim().each())
                .hasSize(10)
                .extracting(DkimResult::outcome)
                .containsOnly(DkimOutcome.PERMERROR);
        assertThat(report.dkim().notLookedAt()).isEqualTo(990);
    }

    /// Fifty sets whose keys, a hundred aliases and a thousand exchangers: whatever is asked for is there and slow.
    @Test
    void everyMethodEndsWithinItsAllowance() {
        ManualClock clock = new ManualClock(Instant.parse("2026-11-24T03:00:00Z"));
        AtomicInteger questions = new AtomicInteger();
        Resolver dns = new Resolver() {
            @Override
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                questions.incrementAndGet();
                clock.advance(Duration.ofSeconds(1));
                return new DnsAnswer.Failed<>("time-out");
            }
        };
        StringBuilder chain = new StringBuilder();
        for (int i = 50; i > 0; i--) {
            chain.append("ARC-Seal: i=%d; a=rsa-sha256; cv=%s; d=evil.test; s=s%d; b=AAAA\r\n"
                    .formatted(i, i == 1 ? "none" : "pass", i));
            chain.append(
                    "ARC-Message-Signature: i=%d; a=rsa-sha256; c=relaxed/relaxed; d=evil.test; s=s%d; h=from; bh=%s; b=AAAA\r\n"
                            .formatted(i, i, hash()));
            chain.append("ARC-Authentication-Results: i=%d; evil.test; none\r\n".formatted(i));
        }
        SenderAuthentication impatient = new SenderAuthentication(dns, RECEIVER, clock, Optional.empty())
                .allowing(new DnsAllowance(5, Duration.ofMinutes(5)));
        String addresses = "a@a.b.c.d.e.f.g.test, b@b.b.c.d.e.f.g.test, c@c.b.c.d.e.f.g.test, d@d.b.c.d.e.f.g.test";
        AuthenticationReport report = check(impatient, "evil.test", chain + from(addresses.split(", ")));
        assertThat(report.arc().findings().temporary()).isTrue();
        assertThat(report.dmarc().outcome()).isEqualTo(DmarcOutcome.TEMPERROR);
        assertThat(questions.get()).isLessThanOrEqualTo(5 * (3 + 1 + 4));
    }

    static Stream<Arguments> hostileHeaders() {
        String comment = "(".repeat(100_000) + ")".repeat(100_000);
        return Stream.of(
                Arguments.of("a hundred thousand fields", "a:b\r\n".repeat(100_000) + from("a@x.test"), "named"),
                Arguments.of(
                        "a field of nearly a megabyte",
                        "x: " + "y".repeat(1_000_000) + "\r\n" + from("a@x.test"),
                        "named"),
                Arguments.of(
                        "a thousand signatures", signature("x.test", "s").repeat(1000) + from("a@x.test"), "named"),
                Arguments.of(
                        "a thousand results",
                        "Authentication-Results: x; spf=pass\r\n".repeat(1000) + from("a@x.test"),
                        "named"),
                Arguments.of("comments in comments, 100,000 deep", from(comment + "a@x.test"), "malformed"),
                Arguments.of("comments behind comments", from("(x)".repeat(4000) + " <a@x.test>"), "named"),
                Arguments.of("ten thousand groups", from("a:b@x.test;,".repeat(1000)), "malformed"),
                Arguments.of("a From field of half a megabyte", from("a".repeat(500_000) + "@x.test"), "malformed"),
                Arguments.of("a route", from("<@a.test,@b.test:a@x.test>"), "malformed"),
                Arguments.of("a NUL", from("a\0b@x.test"), "malformed"),
                Arguments.of("a CR alone", from("a@x.test\rFrom: b@y.test"), "malformed"),
                Arguments.of("an encoded word in an address", from("=?utf-8?q?a?=@x.test"), "malformed"),
                Arguments.of("quotes that never end", from("\"" + "\\\"".repeat(5000)), "malformed"),
                Arguments.of("folding without end", from("\r\n ".repeat(5000) + "a@x.test"), "malformed"),
                Arguments.of("no header at all", "\r\n" + BODY, "absent"),
                Arguments.of("nothing at all", "", "absent"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileHeaders")
    void headersOfAnyKindHaveAnAuthorOrAReasonWhyNot(String name, String message, String author) {
        AuthenticationReport report = check(ZoneResolver.of(BANK), ManualClock.atNoon(), "x.test", message);
        assertThat(
                        switch (report.author()) {
                            case Author.Named _ -> "named";
                            case Author.Malformed _ -> "malformed";
                            case Author.Absent _ -> "absent";
                        })
                .as(name)
                .isEqualTo(author);
        assertThat(report.results(RECEIVER).payload(false)).hasSizeLessThan(20_000);
        assertThat(report.inputs().toString()).hasSizeLessThan(50_000);
    }

    @Test
    void headerLongerThanAMegabyteIsNotLookedAt() {
        assertThatExceptionOfType(MessageReader.HeaderTooLongException.class)
                .isThrownBy(() -> new SenderAuthentication(
                                ZoneResolver.of(BANK), RECEIVER, ManualClock.atNoon(), Optional.empty())
                        .check(
                                new SenderAuthentication.Bearer(
                                        CLIENT, "x.test", Mailbox.of("me", DomainName.of("x.test"))),
                                Content.of(from("a".repeat(10_000_000) + "@x.test")
                                        .getBytes(StandardCharsets.ISO_8859_1))));
    }
}
