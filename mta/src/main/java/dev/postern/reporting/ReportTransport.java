package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.event.IoFault;
import dev.postern.feedback.Finding;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.reportstore.ArchivedReport;
import dev.postern.reportstore.ReportArchive;
import dev.postern.reportstore.ReportClaim;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Mailbox;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.transport.Transport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Takes reports out of the mail for some inboxes and keeps them; all other mail goes on into the inboxes. Used by any
/// number of threads.
public final class ReportTransport implements Transport {
    private final Transport inboxes;
    private final Set<String> read;
    private final Archive archive;
    private final InstantSource clock;
    private final Events events;

    /// Where reports go.
    ///
    /// @param reports keeps them
    /// @param authservId the name that our results carry, by which is known who sent one
    public record Archive(ReportArchive reports, DomainName authservId) {}

    /// @param inboxes carries what is no report
    /// @param read the addresses that reports are sent to, as recipients have them after aliases
    public ReportTransport(Transport inboxes, List<Mailbox> read, Archive archive, InstantSource clock, Events events) {
        this.inboxes = inboxes;
        this.read = read.stream().map(ReportTransport::key).collect(Collectors.toUnmodifiableSet());
        this.archive = archive;
        this.clock = clock;
        this.events = events;
    }

    private static String key(Object address) {
        return address.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public Carriage open() {
        Carriage onwards = inboxes.open();
        return new Carriage() {
            @Override
            public List<DeliveryOutcome> carry(Consignment consignment) {
                return ReportTransport.this.carry(consignment, onwards);
            }

            @Override
            public void close() {
                onwards.close();
            }
        };
    }

    private boolean isRead(Consignment.Stop stop) {
        return read.contains(key(stop.recipient().path()));
    }

    private List<DeliveryOutcome> carry(Consignment consignment, Carriage onwards) {
        Optional<DeliveryOutcome> kept =
                consignment.stops().stream().anyMatch(this::isRead) ? keep(consignment) : Optional.empty();
        if (kept.isEmpty()) {
            return onwards.carry(consignment);
        }
        List<Consignment.Stop> others =
                consignment.stops().stream().filter(stop -> !isRead(stop)).toList();
        List<DeliveryOutcome> carried = others.isEmpty()
                ? List.of()
                : onwards.carry(new Consignment(consignment.message(), consignment.content(), others));
        List<DeliveryOutcome> outcomes = new ArrayList<>();
        int next = 0;
        for (Consignment.Stop stop : consignment.stops()) {
            outcomes.add(isRead(stop) ? kept.get() : carried.get(next++));
        }
        return outcomes;
    }

    /// What came of keeping a report; empty if it is none, and has to go on.
    private Optional<DeliveryOutcome> keep(Consignment consignment) {
        if (consignment.content().size() > ReportLimits.DEFAULT.messageOctets()) {
            return Optional.empty();
        }
        try {
            byte[] message;
            try (InputStream octets = consignment.content().open()) {
                message = octets.readAllBytes();
            }
            Finding finding = new ReportReader(ReportLimits.DEFAULT).read(new ByteArrayInputStream(message));
            Optional<ReportClaim> claim = ReportClaim.of(finding);
            if (claim.isEmpty()) {
                return Optional.empty();
            }
            ArchivedReport report = new ArchivedReport(
                    clock.instant(),
                    consignment.message().id(),
                    Vouched.by(consignment.message(), archive.authservId()));
            boolean isNew = archive.reports().keep(report, claim.get(), message);
            events.emit(new ReportingEvent.ReportReceived(
                    report.id(), claim.get().kind(), claim.get().reporter(), report.author(), isNew));
            return Optional.of(new DeliveryOutcome.Delivered(
                    isNew ? "report" : "report that was here before", Optional.empty(), false, false));
        } catch (RuntimeException mistake) {
            // of ours, in reading it: then a human reads it
            events.emit(new ReportingEvent.ReportingTrouble("what may be a report was not understood: " + mistake));
            return Optional.empty();
        } catch (IOException e) {
            events.emit(new ReportingEvent.ReportingTrouble(IoFault.sentence(e)));
            return Optional.of(new DeliveryOutcome.Deferred(
                    EnhancedStatus.of("4.3.0"),
                    "the report cannot be kept now",
                    Optional.empty(),
                    DeliveryOutcome.Scope.RECIPIENT));
        }
    }
}
