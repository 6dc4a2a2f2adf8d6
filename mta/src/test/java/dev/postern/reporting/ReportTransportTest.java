package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.reportstore.ArchiveBounds;
import dev.postern.reportstore.ArchivedReport;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.MessageForm;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.ReportArchive;
import dev.postern.route.Route;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.transport.MemoryTransport;
import dev.postern.transport.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTransportTest {
    private static final String OURS = "blue.example";
    private static final String LETTER = "From: a@b.example\r\nSubject: hello\r\n\r\nNo report.\r\n";
    private static final String RESULTS =
            "Authentication-Results: mx.blue.example;\r\n\tspf=none;\r\n\tdmarc=pass header.from=receiver.example\r\n";

    @TempDir
    private Path folder;

    private final ReportingWorld world = new ReportingWorld("""
            _dmarc.blue.example. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@blue.example"
            """);
    private final MemoryTransport inboxes = new MemoryTransport();
    private String report = "";
    private int serial;

    /// A report as it comes from another server.
    @BeforeEach
    void makeReport() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger =
                ObservationLedger.open(new MessageForm(), folder.resolve("seen"), LedgerBounds.usual(), world.clock);
        world.judge(
                ReportingWorld.usual(),
                new ObservationRecorder(ledger),
                ReportingWorld.BAD,
                "",
                "From: a@blue.example\r\n\r\nHello.\r\n");
        new AggregateSender(ledger, world.destinations(), world.dispatch())
                .sendNow(LocalDate.parse("2026-06-01"), ReportingWorld.settings(false), world.clock.instant());
        report = world.octets(world.accepted.getFirst());
    }

    private Path received() {
        return folder.resolve("received");
    }

    private List<DeliveryOutcome> carry(String trace, String message, String... to) throws IOException {
        return carry(ReportArchive.open(received(), ArchiveBounds.usual(), world.clock), trace, message, to);
    }

    private List<DeliveryOutcome> carry(ReportArchive archive, String trace, String message, String... to) {
        ReportTransport transport = new ReportTransport(
                inboxes,
                List.of(
                        Mailbox.parse("dmarc@blue.example").orElseThrow(),
                        Mailbox.parse("joe+reports@blue.example").orElseThrow()),
                new ReportTransport.Archive(archive, DomainName.of("mx.blue.example")),
                world.clock,
                world.events::add);
        List<Mailbox> recipients = Arrays.stream(to)
                .map(local -> Mailbox.parse(local + "@" + OURS).orElseThrow())
                .toList();
        List<RecipientState> states = recipients.stream()
                .map(mailbox -> RecipientState.fresh(Recipient.of(mailbox), Optional.empty(), world.clock.instant()))
                .toList();
        SpooledMessage spooled = new SpooledMessage(
                new QueueId(++serial),
                world.clock.instant(),
                Origin.report(),
                Mailbox.parse("x@y.example").orElseThrow(),
                dev.postern.smtp.MailParameters.none(),
                trace,
                new ContentTraits(message.length(), false, false, 78),
                states,
                false);
        Content content = Content.of(message.getBytes(StandardCharsets.ISO_8859_1));
        try (Transport.Carriage carriage = transport.open()) {
            return carriage.carry(new Consignment(
                    spooled,
                    content,
                    recipients.stream()
                            .map(mailbox -> new Consignment.Stop(
                                    Recipient.of(mailbox), new Route.Local("maildir", mailbox, Optional.empty())))
                            .toList()));
        }
    }

    private List<ArchivedReport> kept() throws IOException {
        List<ArchivedReport> all = new ArrayList<>();
        ReportArchive.read(received(), Instant.EPOCH, new ReportReader(ReportLimits.DEFAULT), (how, _) -> all.add(how));
        return all;
    }

    @Test
    void reportIsKeptAndDoesNotReachTheInbox() throws IOException {
        assertThat(carry(RESULTS, report, "dmarc")).singleElement().isInstanceOf(DeliveryOutcome.Delivered.class);
        assertThat(kept()).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(new QueueId(serial));
            assertThat(one.author()).contains(DomainName.of("receiver.example"));
        });
        assertThat(inboxes.arrived()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"dmarc, true", "DMARC, true", "joe+reports, true", "joe, false", "joe+other, false"})
    void onlyAddressesThatAreReadAreRead(String local, boolean read) throws IOException {
        carry(RESULTS, report, local);
        assertThat(kept()).hasSize(read ? 1 : 0);
        assertThat(inboxes.arrived()).hasSize(read ? 0 : 1);
    }

    @Test
    void otherMailGoesOnIntoTheInbox() throws IOException {
        carry("", LETTER, "dmarc");
        carry("", report.replace("H4sI", "XXXX"), "dmarc");
        assertThat(inboxes.arrived()).hasSize(2);
        assertThat(kept()).isEmpty();
    }

    @Test
    void eachRecipientHasHisOwnOutcome() throws IOException {
        List<DeliveryOutcome> outcomes = carry(RESULTS, report, "joe", "dmarc", "ann");
        assertThat(outcomes)
                .extracting(outcome -> ((DeliveryOutcome.Delivered) outcome).how())
                .containsExactly("memory", "report", "memory");
        assertThat(inboxes.arrived())
                .singleElement()
                .satisfies(carried -> assertThat(carried.consignment().stops())
                        .extracting(stop -> stop.recipient().path().toString())
                        .containsExactly("joe@blue.example", "ann@blue.example"));
    }

    @Test
    void sameReportIsKeptOnce() throws IOException {
        carry(RESULTS, report, "dmarc");
        assertThat(carry(RESULTS, report, "dmarc")).singleElement().isInstanceOf(DeliveryOutcome.Delivered.class);
        assertThat(kept()).hasSize(1);
    }

    @Test
    void onlyOurOwnResultsOnTopVouchForAReport() throws IOException {
        for (String trace : new String[] {
            "Received: from x by mx.blue.example; today\r\n",
            RESULTS.replace("mx.blue.example", "mx.evil.example"),
            RESULTS.replace("dmarc=pass", "dmarc=fail"),
        }) {
            carry(trace, RESULTS + report.replace("Report-ID: <", "Report-ID: <" + serial), "dmarc");
        }
        assertThat(kept())
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.author()).isEmpty());
    }

    @Test
    void reportThatCannotBeKeptComesAgain() throws IOException {
        ReportArchive archive = ReportArchive.open(received(), ArchiveBounds.usual(), world.clock);
        Files.delete(received());
        assertThat(carry(archive, RESULTS, report, "dmarc"))
                .singleElement()
                .isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(carry(archive, RESULTS, LETTER, "dmarc"))
                .singleElement()
                .isInstanceOf(DeliveryOutcome.Delivered.class);
        assertThat(inboxes.arrived()).hasSize(1);
    }
}
