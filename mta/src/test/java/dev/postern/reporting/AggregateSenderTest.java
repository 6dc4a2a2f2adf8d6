package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateReport;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.Finding;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.policy.AuthenticationReport;
import dev.postern.policy.SenderAuthentication;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.MessageForm;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.Settlement;
import dev.postern.smtp.NullPath;
import dev.postern.spool.SpooledMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregateSenderTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");
    private static final Instant NEXT = Instant.parse("2026-06-02T00:00:00Z");
    private static final String ZONE = """
            _dmarc.blue.example. TXT "v=DMARC1; p=reject; rua=mailto:d@blue.example"
            _dmarc.abroad.example. TXT "v=DMARC1; p=reject; rua=mailto:d@wanting.example,mailto:d@victim.example"
            abroad.example._report._dmarc.wanting.example. TXT "v=DMARC1; rua=mailto:other@wanting.example"
            _dmarc.liar.example. TXT "v=DMARC1; p=reject; rua=mailto:d@victim.example"
            _dmarc.tight.example. TXT "v=DMARC1; p=reject; rua=mailto:d@tight.example!1k,mailto:e@tight.example!1m"
            _dmarc.tighter.example. TXT "v=DMARC1; p=reject; rua=mailto:d@tighter.example!1k"
            _dmarc.late.example. TXT "v=DMARC1; p=reject; rua=mailto:d@broken.example"
            _dmarc.many.example. TXT "v=DMARC1; p=none; rua=mailto:a@many.example,mailto:b@many.example,\
            mailto:c@many.example,mailto:d@many.example,mailto:e@many.example,mailto:f@many.example,mailto:a@many.example"
            """;

    @TempDir
    private Path folder;

    private final ReportingWorld world = new ReportingWorld(ZONE);
    private ObservationLedger<DmarcRecord, AggregateRow> ledger;
    private AggregateSender sender;

    @BeforeEach
    void open() throws IOException {
        restart();
    }

    private void restart() throws IOException {
        ledger = ObservationLedger.open(new MessageForm(), folder, LedgerBounds.usual(), world.clock);
        sender = new AggregateSender(ledger, world.destinations(), world.dispatch());
    }

    private void see(String domain, int times) {
        for (int i = 0; i < times; i++) {
            world.judge(
                    ReportingWorld.usual(),
                    new ObservationRecorder(ledger),
                    ReportingWorld.BAD,
                    "",
                    "From: a@" + domain + "\r\n\r\nHello.\r\n");
        }
    }

    private List<Settlement> sendNow() throws IOException {
        return sender.sendNow(DAY, ReportingWorld.settings(false), world.clock.instant());
    }

    private void sendDue() throws IOException {
        sender.sendDue(ReportingWorld.settings(false), world.clock.instant());
    }

    private static List<String> recipients(SpooledMessage message) {
        return message.recipients().stream()
                .map(state -> state.recipient().path().toString())
                .toList();
    }

    private AggregateReport report(SpooledMessage message) throws IOException {
        byte[] octets = world.octets(message).getBytes(StandardCharsets.ISO_8859_1);
        return ((Finding.Aggregate) new ReportReader(ReportLimits.DEFAULT).read(new ByteArrayInputStream(octets)))
                .report();
    }

    @Test
    void reportOfADayGoesOnceWhenItIsDue() throws IOException {
        see("blue.example", 3);
        Instant due = world.dispatch().times().due(DAY, DomainName.of("blue.example"));
        assertThat(due).isBetween(NEXT.plusSeconds(600), NEXT.plusSeconds(600).plus(ReportTimes.USUAL_SPREAD));
        world.clock.advance(Duration.between(world.clock.instant(), due).minusSeconds(1));
        sendDue();
        assertThat(world.accepted).isEmpty();
        world.clock.advance(Duration.ofSeconds(1));
        sendDue();
        sendDue();
        restart();
        sendDue();
        assertThat(world.accepted).hasSize(1);
        SpooledMessage message = world.accepted.getFirst();
        assertThat(recipients(message)).containsExactly("d@blue.example");
        assertThat(message.reversePath()).isEqualTo(new NullPath());
        AggregateReport report = report(message);
        assertThat(report.metadata().organization()).isEqualTo("Receiver Ltd");
        assertThat(report.metadata().email()).isEqualTo("dmarc@receiver.example");
        assertThat(report.metadata().period().begin()).isEqualTo(Instant.parse("2026-06-01T00:00:00Z"));
        assertThat(report.metadata().period().end()).isEqualTo(Instant.parse("2026-06-01T23:59:59Z"));
        assertThat(report.policy().domain()).isEqualTo(DomainName.of("blue.example"));
        assertThat(report.rows())
                .singleElement()
                .returns(3L, AggregateRow::count)
                .returns(ReportingWorld.BAD, AggregateRow::source);
        assertThat(ObservationLedger.settlements(new MessageForm(), folder))
                .singleElement()
                .returns(Settlement.Fate.SENT, Settlement::fate);
        assertThat(world.spool.decisions(message.id()))
                .anySatisfy(decision -> assertThat(decision.why()).contains("signed by receiver.example"));
    }

    @Test
    void reportPassesDmarcItself() throws IOException {
        see("blue.example", 1);
        sendNow();
        SenderAuthentication.Bearer bearer = new SenderAuthentication.Bearer(
                InetAddress.ofLiteral("192.0.2.77"), "mx.receiver.example", new NullPath());
        AuthenticationReport judged = new SenderAuthentication(
                        world.dns, DomainName.of("mx.blue.example"), world.clock, Optional.empty())
                .check(bearer, ReportingWorld.content(world.octets(world.accepted.getFirst())));
        assertThat(judged.dmarc().outcome()).hasToString("pass");
    }

    @Test
    void dayThatIsNotOverIsNotDue() throws IOException {
        see("blue.example", 1);
        world.clock.advance(Duration.ofHours(11));
        sendDue();
        assertThat(world.accepted).isEmpty();
    }

    @Test
    void whatWasToldInTheMiddleOfADayIsNotToldAtItsEnd() throws IOException {
        see("blue.example", 3);
        Instant noon = world.clock.instant();
        assertThat(sendNow()).singleElement().returns(3L, Settlement::count);
        assertThat(sendNow()).isEmpty();
        see("blue.example", 2);
        world.clock.advance(Duration.ofDays(1));
        sendDue();
        assertThat(world.accepted).hasSize(2);
        AggregateReport first = report(world.accepted.get(0));
        AggregateReport second = report(world.accepted.get(1));
        assertThat(first.metadata().period().end()).isEqualTo(noon.minusSeconds(1));
        assertThat(second.metadata().period().begin()).isEqualTo(noon);
        assertThat(second.messages()).isEqualTo(2);
        assertThat(second.metadata().reportId()).isNotEqualTo(first.metadata().reportId());
    }

    @Test
    void reportThatIsSentAgainHasTheSameName() throws IOException {
        see("blue.example", 1);
        ledger.flush();
        sendNow();
        // the server died before the day was settled: another ledger that knows nothing of it
        Path other = folder.resolve("again");
        ledger = ObservationLedger.open(new MessageForm(), other, LedgerBounds.usual(), world.clock);
        sender = new AggregateSender(ledger, world.destinations(), world.dispatch());
        see("blue.example", 1);
        sendNow();
        assertThat(report(world.accepted.get(1)).metadata().reportId())
                .isEqualTo(report(world.accepted.get(0)).metadata().reportId());
    }

    @Test
    void strangersAreAskedFirst() throws IOException {
        see("abroad.example", 1);
        see("liar.example", 1);
        List<Settlement> settled = sendNow();
        assertThat(world.accepted).hasSize(1);
        assertThat(recipients(world.accepted.getFirst())).containsExactly("other@wanting.example");
        assertThat(settled).anySatisfy(one -> {
            assertThat(one.domain()).isEqualTo(DomainName.of("liar.example"));
            assertThat(one.fate()).isEqualTo(Settlement.Fate.DROPPED);
            assertThat(one.words()).contains("liar.example._report._dmarc.victim.example");
        });
        assertThat(sendNow()).isEmpty();
    }

    @Test
    void placesWithALimitGetNothingThatIsLarger() throws IOException {
        see("tight.example", 1);
        see("tighter.example", 1);
        List<Settlement> settled = sendNow();
        assertThat(world.accepted).hasSize(1);
        assertThat(recipients(world.accepted.getFirst())).containsExactly("e@tight.example");
        assertThat(world.octets(world.accepted.getFirst())).doesNotContain("d@tight.example");
        assertThat(settled).anySatisfy(one -> assertThat(one.words()).contains("larger"));
    }

    @Test
    void placesAreBoundedAndEachIsServedOnce() throws IOException {
        see("many.example", 1);
        sendNow();
        assertThat(recipients(world.accepted.getFirst()))
                .hasSize(AggregateSender.MOST_PLACES)
                .doesNotHaveDuplicates();
    }

    @Test
    void reportWaitsForDnsButNotForEver() throws IOException {
        see("late.example", 1);
        world.clock.advance(Duration.ofDays(1));
        sendDue();
        assertThat(world.accepted).isEmpty();
        assertThat(ledger.open(DAY)).containsExactly(DomainName.of("late.example"));
        assertThat(world.events).hasAtLeastOneElementOfType(ReportingEvent.AggregateReportPutOff.class);
        world.clock.advance(Duration.ofDays(2));
        sendDue();
        assertThat(ledger.open(DAY)).isEmpty();
        assertThat(world.events).hasAtLeastOneElementOfType(ReportingEvent.AggregateReportDropped.class);
    }

    @Test
    void whatStandsInNoRowIsToldAsAnError() throws IOException {
        ledger = ObservationLedger.open(new MessageForm(), folder, new LedgerBounds(10, 10, 1, 10), world.clock);
        sender = new AggregateSender(ledger, world.destinations(), world.dispatch());
        see("blue.example", 2);
        world.judge(
                ReportingWorld.usual(),
                new ObservationRecorder(ledger),
                ReportingWorld.GOOD,
                "",
                "From: a@blue.example\r\n\r\nHello.\r\n");
        sendNow();
        assertThat(report(world.accepted.getFirst()).metadata().errors())
                .singleElement()
                .asString()
                .startsWith("1 more messages");
    }

    @Test
    void roundKeepsSendsAndForgets() throws IOException {
        FailureReporter none = new FailureReporter(Optional::empty, world.clock, world.events::add);
        Reporting reporting = new Reporting(
                ledger,
                new MessageReports(sender, new FailureSender(none, world.destinations(), world.dispatch())),
                () -> Optional.of(ReportingWorld.settings(false)),
                new Reporting.Surroundings(world.clock, world.events::add));
        see("blue.example", 1);
        reporting.round();
        restart();
        assertThat(ledger.open(DAY)).containsExactly(DomainName.of("blue.example"));
        world.clock.advance(Duration.ofDays(1));
        reporting.round();
        assertThat(world.accepted).hasSize(1);
        world.clock.advance(Duration.ofDays(31));
        reporting.round();
        assertThat(ObservationLedger.settlements(new MessageForm(), folder)).isEmpty();
        Reporting silent = new Reporting(
                ledger,
                new MessageReports(sender, new FailureSender(none, world.destinations(), world.dispatch())),
                Optional::empty,
                new Reporting.Surroundings(world.clock, world.events::add));
        assertThatThrownBy(() -> silent.sendNow(DAY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[reports]");
    }
}
