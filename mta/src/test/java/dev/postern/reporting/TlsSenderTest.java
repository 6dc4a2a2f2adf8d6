package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import dev.postern.dns.ZoneResolver;
import dev.postern.event.Event;
import dev.postern.feedback.Finding;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.feedback.TlsJson;
import dev.postern.feedback.TlsPolicyResult;
import dev.postern.feedback.TlsReport;
import dev.postern.policy.AuthenticationReport;
import dev.postern.policy.SenderAuthentication;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.ReportClaim;
import dev.postern.reportstore.SessionForm;
import dev.postern.reportstore.SessionPolicies;
import dev.postern.reportstore.SessionRow;
import dev.postern.reportstore.Settlement;
import dev.postern.smtp.NullPath;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.TlsTrial.AppliedPolicy;
import dev.postern.tlspolicy.TlsTrial.Outcome;
import dev.postern.tlspolicy.TlsTrial.Result;
import dev.postern.tlspolicy.tlsrpt.TlsrptLookup;
import dev.postern.web.HttpsClient;
import dev.postern.web.ScriptedServer;
import dev.postern.web.TestAuthority;
import dev.postern.web.WebAnswer;
import dev.postern.web.WebClient;
import dev.postern.web.WebSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsSenderTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");
    private static final Instant NEXT = Instant.parse("2026-06-02T00:00:00Z");
    private static final Path FILES = Path.of("src/test/resources/dev/postern/reporting");
    private static final String ZONE = """
            _smtp._tls.inbox.example. TXT "v=TLSRPTv1; rua=mailto:tls@inbox.example"
            _smtp._tls.web.example. TXT "v=TLSRPTv1; rua=https://tls.web.example/v1"
            _smtp._tls.both.example. TXT "v=TLSRPTv1; rua=https://tls.both.example/v1,mailto:tls@both.example"
            _smtp._tls.twice.example. TXT "v=TLSRPTv1; rua=https://a.twice.example/,https://b.twice.example/"
            _smtp._tls.many.example. TXT "v=TLSRPTv1; rua=mailto:a@many.example,mailto:b@many.example,\
            https://c.many.example/,https://d.many.example/,mailto:e@many.example,mailto:f@many.example"
            _smtp._tls.useless.example. TXT "v=TLSRPTv1; rua=gopher://useless.example/"
            """;

    @TempDir
    private Path folder;

    private final ReportingWorld world = new ReportingWorld(ZONE);
    private final FakeWeb web = new FakeWeb();
    private ObservationLedger<SessionPolicies, SessionRow> ledger;
    private TlsSender sender;

    /// Servers that all answer alike, and remember what they were given.
    private static final class FakeWeb implements WebClient {
        private final List<String> asked = new ArrayList<>();
        private final List<byte[]> given = new ArrayList<>();
        private WebAnswer answer = answered(201);

        static WebAnswer answered(int status) {
            return new WebAnswer.Answered(status, Optional.empty(), "", true);
        }

        @Override
        public WebAnswer get(URI address) {
            throw new AssertionError("nothing is fetched");
        }

        @Override
        public WebAnswer post(URI address, String contentType, byte[] octets) {
            assertThat(contentType).isEqualTo("application/tlsrpt+gzip");
            asked.add(address.toString());
            given.add(octets);
            return answer;
        }
    }

    @BeforeEach
    void open() throws IOException {
        restart(web);
    }

    private void restart(WebClient client) throws IOException {
        ledger = ObservationLedger.open(new SessionForm(), folder, LedgerBounds.sessions(), world.clock);
        sender = sender(ledger, client);
    }

    private TlsSender sender(ObservationLedger<SessionPolicies, SessionRow> from, WebClient client) {
        return new TlsSender(
                from,
                new TlsrptLookup(world.dns),
                new TlsPost(world.post(), client),
                new TlsSender.Surroundings(world.dispatch(), world.clock));
    }

    private static ReportingSettings settings() {
        return ReportingWorld.settings(false);
    }

    private TrialRecorder recorder() {
        return new TrialRecorder(ledger, () -> Optional.of(settings()));
    }

    private static TlsTrial trial(AppliedPolicy policy, String host, String address, Outcome outcome) {
        return new TlsTrial(
                policy,
                Optional.of(DomainName.of(host)),
                new TlsTrial.Addresses(
                        Optional.of(InetAddress.ofLiteral(address)), Optional.of(InetAddress.ofLiteral("192.0.2.200"))),
                outcome);
    }

    private void see(String domain, int times) {
        for (int i = 0; i < times; i++) {
            recorder()
                    .tried(trial(
                            AppliedPolicy.none(DomainName.of(domain)),
                            "mx." + domain,
                            "192.0.2.9",
                            new Outcome.Success()));
        }
    }

    private List<Settlement> sendNow() throws IOException {
        return sender.sendNow(DAY, settings(), world.clock.instant());
    }

    private void sendDue() throws IOException {
        sender.sendDue(settings(), world.clock.instant());
    }

    /// Goes to a time of the next day.
    private void at(Instant time) {
        world.clock.advance(Duration.between(world.clock.instant(), time));
    }

    private Instant due(String domain) {
        return world.dispatch().times().due(DAY, DomainName.of(domain));
    }

    private List<Settlement> settlements() throws IOException {
        return ObservationLedger.settlements(new SessionForm(), folder);
    }

    private String content(SpooledMessage message) throws IOException, SpoolException {
        try (InputStream in = world.spool.content(message.id()).open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static TlsReport unpacked(byte[] packed) throws IOException {
        try (InputStream json = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return ((Finding.Tls) TlsJson.read(json, ReportLimits.DEFAULT)).report();
        }
    }

    private TlsReport report(SpooledMessage message) throws IOException {
        byte[] octets = world.octets(message).getBytes(StandardCharsets.ISO_8859_1);
        return ((Finding.Tls) new ReportReader(ReportLimits.DEFAULT).read(new ByteArrayInputStream(octets))).report();
    }

    private static List<String> recipients(SpooledMessage message) {
        return message.recipients().stream()
                .map(state -> state.recipient().path().toString())
                .toList();
    }

    /// The day of the sample in RFC 8460 Appendix B: two policies, one with failures.
    private void dayOfTheStandard() {
        DomainName domain = DomainName.of("inbox.example");
        AppliedPolicy sts = new AppliedPolicy(
                domain,
                TlsTrial.Type.STS,
                List.of("version: STSv1", "mode: testing", "mx: *.mail.inbox.example", "max_age: 86400"),
                List.of("*.mail.inbox.example"));
        AppliedPolicy dane =
                new AppliedPolicy(domain, TlsTrial.Type.TLSA, List.of("3 1 1 " + "ab".repeat(32)), List.of());
        TrialRecorder recorder = recorder();
        for (int i = 0; i < 5326; i++) {
            recorder.tried(trial(sts, "mx1.mail.inbox.example", "192.0.2.9", new Outcome.Success()));
        }
        Outcome expired = new Outcome.Failure(Result.CERTIFICATE_EXPIRED, "expired on 2026-05-31");
        for (int i = 0; i < 100; i++) {
            recorder.tried(trial(sts, "mx1.mail.inbox.example", "192.0.2.9", expired));
        }
        Outcome none = new Outcome.Failure(Result.STARTTLS_NOT_SUPPORTED, "it does not offer STARTTLS");
        for (int i = 0; i < 200; i++) {
            recorder.tried(trial(sts, "mx2.mail.inbox.example", "2001:db8::9", none));
        }
        recorder.tried(new TlsTrial(
                sts,
                Optional.empty(),
                TlsTrial.Addresses.UNKNOWN,
                new Outcome.Failure(Result.STS_POLICY_FETCH_ERROR, "it answered 404")));
        recorder.tried(trial(dane, "mx3.mail.inbox.example", "192.0.2.10", new Outcome.Success()));
    }

    @Test
    void dayBecomesAMessageAsTheStandardSays() throws Exception {
        dayOfTheStandard();
        ledger.flush();
        restart(web);
        at(due("inbox.example").minusSeconds(1));
        sendDue();
        assertThat(world.accepted).isEmpty();
        at(due("inbox.example"));
        sendDue();
        sendDue();
        restart(web);
        sendDue();
        assertThat(world.accepted).hasSize(1);
        SpooledMessage message = world.accepted.getFirst();
        assertThat(recipients(message)).containsExactly("tls@inbox.example");
        assertThat(message.reversePath()).isEqualTo(new NullPath());
        assertThat(world.octets(message))
                .contains("DKIM-Signature:", "tls-required", "tls-report-domain", "tls-report-submitter")
                .doesNotContain("; l=");
        // gzip may be another with another zlib, so that it is looked at by what it holds
        String packed = "(?s)H4s[A-Za-z0-9+/=\r\n]+\r\n--";
        assertThat(content(message).replaceFirst(packed, "(gzip)\r\n--"))
                .isEqualTo(Files.readString(FILES.resolve("sessions.eml")));
        assertThat(new String(TlsJson.write(report(message)), StandardCharsets.UTF_8))
                .isEqualToIgnoringWhitespace(Files.readString(FILES.resolve("sessions.json")));
        assertThat(settlements())
                .singleElement()
                .returns(Settlement.Fate.SENT, Settlement::fate)
                .returns(5628L, Settlement::count);
        assertThat(world.events).hasAtLeastOneElementOfType(ReportingEvent.TlsReportSent.class);
    }

    @Test
    void reportPassesDmarcItself() throws IOException {
        see("inbox.example", 1);
        sendNow();
        SenderAuthentication.Bearer bearer = new SenderAuthentication.Bearer(
                InetAddress.ofLiteral("192.0.2.77"), "mx.receiver.example", new NullPath());
        AuthenticationReport judged = new SenderAuthentication(
                        world.dns, DomainName.of("mx.inbox.example"), world.clock, Optional.empty())
                .check(bearer, ReportingWorld.content(world.octets(world.accepted.getFirst())));
        assertThat(judged.dmarc().outcome()).hasToString("pass");
    }

    @Test
    void domainsWithoutARecordAreForgottenAndUselessOnesTold() throws IOException {
        see("nobody.example", 1);
        see("useless.example", 2);
        assertThat(sendNow()).singleElement().satisfies(settled -> {
            assertThat(settled.domain()).isEqualTo(DomainName.of("useless.example"));
            assertThat(settled.fate()).isEqualTo(Settlement.Fate.DROPPED);
            assertThat(settled.words()).contains("names no place");
        });
        assertThat(ledger.open(DAY)).isEmpty();
        ledger.flush();
        restart(web);
        assertThat(ledger.open(DAY)).isEmpty();
        assertThat(settlements()).hasSize(1);
        assertThat(world.accepted).isEmpty();
    }

    @Test
    void webServerGetsTheSameReportInGzip() throws IOException {
        see("web.example", 3);
        assertThat(sendNow())
                .singleElement()
                .satisfies(settled -> assertThat(settled.words()).endsWith(" to https://tls.web.example/v1"));
        assertThat(world.accepted).isEmpty();
        assertThat(web.asked).containsExactly("https://tls.web.example/v1");
        TlsReport report = unpacked(web.given.getFirst());
        assertThat(report.organization()).isEqualTo("Receiver Ltd");
        assertThat(report.contact()).contains("dmarc@receiver.example");
        assertThat(report.policies())
                .singleElement()
                .returns(3L, TlsPolicyResult::successful)
                .returns(0L, TlsPolicyResult::failed)
                .satisfies(one -> assertThat(one.policy().type()).isEqualTo(TlsTrial.Type.NO_POLICY_FOUND));
    }

    @Test
    void oneSuccessIsEnoughButEachPlaceIsTried() throws IOException {
        web.answer = FakeWeb.answered(503);
        see("both.example", 1);
        List<Settlement> settled = sendNow();
        assertThat(web.asked).containsExactly("https://tls.both.example/v1");
        assertThat(world.accepted).hasSize(1);
        assertThat(settled).singleElement().satisfies(one -> {
            assertThat(one.fate()).isEqualTo(Settlement.Fate.SENT);
            assertThat(one.words())
                    .contains(" to tls@both.example as ")
                    .endsWith("; not to https://tls.both.example/v1: it answered 503");
        });
        assertThat(sendNow()).isEmpty();
    }

    @Test
    void placesAreBounded() throws IOException {
        see("many.example", 1);
        sendNow();
        assertThat(recipients(world.accepted.getFirst()))
                .containsExactly("a@many.example", "b@many.example", "e@many.example");
        assertThat(web.asked).containsExactly("https://c.many.example/", "https://d.many.example/");
    }

    @Test
    void whatNobodyTakesIsTriedLessAndLessOftenForADay() throws IOException {
        web.answer = new WebAnswer.Unreachable("nobody listens");
        see("twice.example", 1);
        Instant due = due("twice.example");
        List<Long> minutes = new ArrayList<>();
        for (Instant time = due; time.isBefore(due.plus(Duration.ofHours(30))); time = time.plusSeconds(60)) {
            at(time);
            int before = web.asked.size();
            sendDue();
            if (web.asked.size() > before) {
                assertThat(web.asked).hasSize(before + 2);
                minutes.add(Duration.between(due, time).toMinutes());
            }
        }
        assertThat(minutes).containsExactly(0L, 10L, 30L, 70L, 150L, 310L, 630L, 1270L, 1440L);
        assertThat(settlements()).singleElement().satisfies(one -> {
            assertThat(one.fate()).isEqualTo(Settlement.Fate.DROPPED);
            assertThat(one.words()).contains("a.twice.example/: nobody listens", "b.twice.example/: nobody listens");
        });
        assertThat(world.events.stream().filter(ReportingEvent.TlsReportPutOff.class::isInstance))
                .hasSize(8);
    }

    @Test
    void whatIsTakenLaterHasTheSameName() throws IOException {
        web.answer = FakeWeb.answered(500);
        see("web.example", 1);
        at(due("web.example"));
        sendDue();
        ledger.flush();
        // a restart forgets the wait
        restart(web);
        web.answer = FakeWeb.answered(200);
        sendDue();
        assertThat(unpacked(web.given.get(1))).isEqualTo(unpacked(web.given.get(0)));
        assertThat(settlements()).singleElement().returns(Settlement.Fate.SENT, Settlement::fate);
    }

    @Test
    void serverThatWasAwayForDaysTriesOnce() throws IOException {
        see("web.example", 1);
        at(NEXT.plus(Duration.ofDays(4)));
        sendDue();
        assertThat(settlements()).singleElement().returns(Settlement.Fate.SENT, Settlement::fate);
    }

    @Test
    void reportWaitsForDnsButNotForEver() throws IOException {
        see("sub.broken.example", 1);
        Instant due = due("sub.broken.example");
        at(due);
        sendDue();
        assertThat(ledger.open(DAY)).hasSize(1);
        assertThat(world.events)
                .filteredOn(ReportingEvent.TlsReportPutOff.class::isInstance)
                .singleElement()
                .extracting(Event::toString)
                .asString()
                .contains("SERVFAIL");
        at(due.plus(TlsSender.PATIENCE));
        sendDue();
        assertThat(ledger.open(DAY)).isEmpty();
        assertThat(world.events).hasAtLeastOneElementOfType(ReportingEvent.TlsReportDropped.class);
    }

    @Test
    void whatWasToldInTheMiddleOfADayIsNotToldAtItsEnd() throws IOException {
        see("web.example", 3);
        Instant noon = world.clock.instant();
        sendNow();
        see("web.example", 2);
        at(NEXT.plus(Duration.ofHours(6)));
        sendDue();
        TlsReport first = unpacked(web.given.get(0));
        TlsReport second = unpacked(web.given.get(1));
        assertThat(first.period().end()).isEqualTo(noon.minusSeconds(1));
        assertThat(second.period().begin()).isEqualTo(noon);
        assertThat(second.policies()).singleElement().returns(2L, TlsPolicyResult::successful);
        assertThat(second.reportId()).isNotEqualTo(first.reportId());
    }

    @Test
    void dayThatIsNotOverIsNotDue() throws IOException {
        see("web.example", 1);
        at(NEXT.minusSeconds(1));
        sendDue();
        assertThat(web.asked).isEmpty();
    }

    @Test
    void reportsOfARowAreBounded() throws IOException {
        String many = "v=TLSRPTv1; rua=https://tls.example/";
        StringBuilder zone = new StringBuilder();
        for (int i = 0; i < TlsSender.MOST_AT_ONCE + 5; i++) {
            zone.append("_smtp._tls.d")
                    .append(i)
                    .append(".example. TXT \"")
                    .append(many)
                    .append("\"\n");
            see("d" + i + ".example", 1);
        }
        sender = new TlsSender(
                ledger,
                new TlsrptLookup(ZoneResolver.of(zone.toString())),
                new TlsPost(world.post(), web),
                new TlsSender.Surroundings(world.dispatch(), world.clock));
        at(NEXT.plus(Duration.ofHours(6)));
        sendDue();
        assertThat(web.asked).hasSize(TlsSender.MOST_AT_ONCE);
        sendDue();
        assertThat(web.asked).hasSize(TlsSender.MOST_AT_ONCE + 5);
    }

    @Test
    void slowServersEndARow() throws IOException {
        see("web.example", 1);
        see("twice.example", 1);
        at(NEXT.plus(Duration.ofHours(6)));
        sender = sender(ledger, new WebClient() {
            @Override
            public WebAnswer get(URI address) {
                return web.get(address);
            }

            @Override
            public WebAnswer post(URI address, String contentType, byte[] octets) {
                world.clock.advance(Duration.ofMinutes(1));
                return web.post(address, contentType, octets);
            }
        });
        sendDue();
        assertThat(web.asked).containsExactly("https://tls.web.example/v1");
        sendDue();
        assertThat(web.asked).hasSize(3);
    }

    @Test
    void nothingIsCountedOrSentThatIsNotWanted() throws IOException {
        ReportingSettings silent = new ReportingSettings(
                settings().submitter(),
                settings().from(),
                settings().organization(),
                EnumSet.of(ReportClaim.Kind.AGGREGATE));
        see("inbox.example", 1);
        for (Optional<ReportingSettings> now : List.of(Optional.<ReportingSettings>empty(), Optional.of(silent))) {
            new TrialRecorder(ledger, () -> now)
                    .tried(trial(
                            AppliedPolicy.none(DomainName.of("web.example")),
                            "mx.web.example",
                            "192.0.2.9",
                            new Outcome.Success()));
        }
        assertThat(ledger.open(DAY)).containsExactly(DomainName.of("inbox.example"));
        assertThat(sender.sendNow(DAY, silent, world.clock.instant())).isEmpty();
        at(NEXT.plus(Duration.ofHours(6)));
        sender.sendDue(silent, world.clock.instant());
        assertThat(world.accepted).isEmpty();
    }

    @Test
    void mistakeWithOneDomainDoesNotStopTheOthers() throws IOException {
        see("web.example", 1);
        see("inbox.example", 1);
        sender = sender(ledger, new WebClient() {
            @Override
            public WebAnswer get(URI address) {
                throw new IllegalStateException("a mistake");
            }

            @Override
            public WebAnswer post(URI address, String contentType, byte[] octets) {
                throw new IllegalStateException("a mistake");
            }
        });
        sendNow();
        assertThat(world.events).hasAtLeastOneElementOfType(ReportingEvent.ReportingMistake.class);
        assertThat(world.accepted).hasSize(1);
        assertThat(ledger.open(DAY)).isEmpty();
    }

    @Test
    void spoolThatRefusesLeavesAllOpenAndNothingIsPosted() throws IOException {
        see("both.example", 1);
        TlsSender usual = sender;
        sender = new TlsSender(
                ledger,
                new TlsrptLookup(world.dns),
                new TlsPost(world.fullPost(), web),
                new TlsSender.Surroundings(world.dispatch(), world.clock));
        assertThatIOException().isThrownBy(this::sendNow);
        assertThat(web.asked).isEmpty();
        sender = usual;
        assertThat(sendNow()).hasSize(1);
        assertThat(world.accepted).hasSize(1);
    }

    @Test
    void reportIsPostedToAServerThatProvesItself() throws Exception {
        TestAuthority authority = new TestAuthority();
        Identity identity = authority.certify("tls.web.example");
        ScriptedServer.Script created = ScriptedServer.Script.of("HTTP/1.1 201 Created\nContent-Length: 0\n\n");
        try (ScriptedServer server = new ScriptedServer(identity, created);
                HttpsClient client = new HttpsClient(
                        WebSettings.usual().withNotPublic(),
                        ZoneResolver.of("tls.web.example. 60 IN A 127.0.0.1"),
                        List.of(authority.root()))) {
            String record = "v=TLSRPTv1; rua=https://tls.web.example:" + server.port() + "/v1?a=b";
            see("web.example", 7);
            sender = new TlsSender(
                    ledger,
                    new TlsrptLookup(ZoneResolver.of("_smtp._tls.web.example. TXT \"" + record + "\"")),
                    new TlsPost(world.post(), client),
                    new TlsSender.Surroundings(world.dispatch(), world.clock));
            assertThat(sendNow()).singleElement().returns(Settlement.Fate.SENT, Settlement::fate);
            String request = server.requests().getFirst();
            assertThat(request)
                    .startsWith("tls.web.example\nPOST /v1?a=b HTTP/1.1\n")
                    .contains("\nContent-Type: application/tlsrpt+gzip\n");
            byte[] body = request.substring(request.indexOf("\u001f\u008b")).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(unpacked(body).policies()).singleElement().returns(7L, TlsPolicyResult::successful);
        }
        // and nobody else gets it: the same name, another certificate
        try (ScriptedServer server = new ScriptedServer(authority.certify("other.example"), created);
                HttpsClient client = new HttpsClient(
                        WebSettings.usual().withNotPublic(),
                        ZoneResolver.of("tls.web.example. 60 IN A 127.0.0.1"),
                        List.of(authority.root()))) {
            see("web.example", 1);
            String record = "v=TLSRPTv1; rua=https://tls.web.example:" + server.port() + "/";
            sender = new TlsSender(
                    ledger,
                    new TlsrptLookup(ZoneResolver.of("_smtp._tls.web.example. TXT \"" + record + "\"")),
                    new TlsPost(world.post(), client),
                    new TlsSender.Surroundings(world.dispatch(), world.clock));
            assertThat(sendNow()).isEmpty();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void roundKeepsSendsAndForgets() throws IOException {
        Reporting reporting = new Reporting(
                ledger,
                sender,
                () -> Optional.of(settings()),
                new Reporting.Surroundings(world.clock, world.events::add));
        see("web.example", 1);
        reporting.round();
        restart(web);
        assertThat(ledger.open(DAY)).containsExactly(DomainName.of("web.example"));
        assertThat(reporting.counted()).isEqualTo("sessions");
        at(NEXT.plus(Duration.ofHours(6)));
        reporting.round();
        assertThat(Set.copyOf(web.asked)).containsExactly("https://tls.web.example/v1");
        at(NEXT.plus(Duration.ofDays(40)));
        reporting.round();
        assertThat(settlements()).isEmpty();
    }
}
