package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.event.Events;
import dev.postern.feedback.AbuseReport;
import dev.postern.feedback.DeliveryReport;
import dev.postern.feedback.Finding;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.intake.Accepted;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import dev.postern.spool.Content;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Ties a report that comes back about one of our messages (a DSN, a complaint) to that message: what it says becomes
/// a decision in the record of the message. Used by all sessions.
///
/// A report is a claim: it adds to a record that there is, never makes one, and adds a bounded number of lines. For
/// mail that is no report all this costs is a look at the header.
public final class FeedbackTie implements Accepted {
    /// The stage of its decisions.
    public static final String STAGE = "feedback";

    /// How many lines of feedback the record of a message takes.
    static final int MOST_OF_MESSAGE = 20;

    private static final int MOST_RECIPIENTS = 10;
    private static final int LONGEST_HEADER = 1 << 18;
    private static final int BEGINNING = 4 << 10;
    private static final int LONGEST_REPORT = 4 << 20;
    private static final String REPORT = "multipart/report";
    private static final ReportLimits LIMITS = new ReportLimits(LONGEST_REPORT, LONGEST_REPORT, 100, 1, 1000);

    private final Accepted next;
    private final Spool spool;
    private final DomainName hostname;
    private final OwnMessage own;
    private final InstantSource clock;
    private final Events events;

    /// @param next who is told of the message afterwards
    /// @param hostname the name of this server, which stands in our fields
    public FeedbackTie(Accepted next, Spool spool, DomainName hostname, InstantSource clock, Events events) {
        this.next = next;
        this.spool = spool;
        this.hostname = hostname;
        this.own = new OwnMessage(hostname);
        this.clock = clock;
        this.events = events;
    }

    @Override
    public void accepted(SpooledMessage message, Content content) {
        try {
            if (isReport(message, content)) {
                tie(message, content);
            }
        } catch (IOException | RuntimeException e) {
            // the message is in the spool: a mistake of ours in reading it must not have it sent again
            events.emit(
                    new ReportingEvent.ReportingTrouble("feedback in " + message.id() + " was not looked at: " + e));
        } finally {
            next.accepted(message, content);
        }
    }

    private static boolean isReport(SpooledMessage message, Content content) throws IOException {
        if (message.origin().door().equals(Origin.report().door()) || content.size() > LONGEST_REPORT) {
            return false;
        }
        try (InputStream octets = content.open()) {
            if (!mayBeReport(octets.readNBytes(BEGINNING))) {
                return false;
            }
        }
        try (InputStream octets = content.open()) {
            return isReport(MessageReader.read(octets, LONGEST_HEADER).header());
        } catch (MessageReader.HeaderTooLongException noReport) {
            return false; // nobody's report has such a header
        }
    }

    /// A quick look at the beginning: whether the header goes on behind it, or names a report somewhere.
    private static boolean mayBeReport(byte[] beginning) {
        String text = new String(beginning, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return true;
        }
        for (int at = text.indexOf('/'); at >= 0 && at < end; at = text.indexOf('/', at + 1)) {
            if (text.regionMatches(true, at - REPORT.indexOf('/'), REPORT, 0, REPORT.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReport(MessageHeader header) {
        return header.first("Content-Type")
                .filter(field ->
                        field.unfolded().strip().toLowerCase(Locale.ROOT).startsWith(REPORT))
                .isPresent();
    }

    /// Something that a report says.
    private record Statement(String rule, String verdict, String why, Map<String, String> inputs) {}

    private void tie(SpooledMessage message, Content content) throws IOException {
        Finding finding;
        try (InputStream octets = content.open()) {
            finding = new ReportReader(LIMITS).read(octets);
        }
        switch (finding) {
            case Finding.Delivery(DeliveryReport report) ->
                tie(message, own.names(report.returned(), report.envelopeId()), statements(report));
            case Finding.Abuse(AbuseReport report) ->
                tie(message, own.names(report.returned(), report.subject().envelopeId()), List.of(statement(report)));
            case Finding.Aggregate _, Finding.Tls _, Finding.NoReport _, Finding.Broken _ -> {
                // nothing about a single message
            }
        }
    }

    private void tie(SpooledMessage message, List<QueueId> names, List<Statement> statements) throws IOException {
        for (QueueId name : names) {
            List<Decision> known = name.equals(message.id()) ? List.of() : spool.decisions(name);
            long room = MOST_OF_MESSAGE
                    - known.stream().filter(one -> one.stage().equals(STAGE)).count();
            if (!known.isEmpty() && room > 0) {
                add(message, name, statements.subList(0, (int) Math.min(room, statements.size())));
                return;
            }
        }
    }

    private void add(SpooledMessage message, QueueId about, List<Statement> statements) throws IOException {
        String vouched = Vouched.by(message, hostname)
                .map(domain -> "authentic mail of " + domain)
                .orElse("nobody vouches for it");
        List<Decision> decisions = new ArrayList<>();
        for (Statement statement : statements) {
            Map<String, String> inputs = new LinkedHashMap<>();
            inputs.put("report", message.id().toString());
            inputs.put("from", vouched);
            inputs.putAll(statement.inputs());
            decisions.add(new Decision(
                    clock.instant(), STAGE, statement.rule(), statement.verdict(), statement.why(), inputs));
        }
        Decision tied = new Decision(
                clock.instant(),
                STAGE,
                "tie",
                "tied",
                "it is about our message " + about,
                Map.of("message", about.toString()));
        commit(new SpoolChange.Explain(about, decisions), new SpoolChange.Explain(message.id(), List.of(tied)));
        events.emit(new ReportingEvent.FeedbackTied(
                message.id(), about, statements.getFirst().why()));
    }

    private void commit(SpoolChange... changes) throws SpoolException {
        spool.commitLazily(List.of(changes));
    }

    private static List<Statement> statements(DeliveryReport report) {
        return report.recipients().stream()
                .limit(MOST_RECIPIENTS)
                .map(recipient -> statement(report, recipient))
                .toList();
    }

    private static Statement statement(DeliveryReport report, DeliveryReport.Recipient recipient) {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("recipient", recipient.finalRecipient());
        recipient.originalRecipient().ifPresent(original -> inputs.put("original-recipient", original));
        recipient.remoteMta().ifPresent(host -> inputs.put("remote", host));
        recipient.diagnostic().ifPresent(words -> inputs.put("diagnostic", words));
        String said = recipient.diagnostic().orElseGet(() -> recipient.status().toString());
        return new Statement(
                "delivery-report",
                recipient.action().toString(),
                name(report.reportingMta()) + " reported for " + recipient.finalRecipient() + ": " + recipient.action()
                        + " " + said,
                inputs);
    }

    private static Statement statement(AbuseReport report) {
        Map<String, String> inputs = new LinkedHashMap<>();
        report.subject().source().ifPresent(source -> inputs.put("source", source.getHostAddress()));
        report.subject().mailFrom().ifPresent(sender -> inputs.put("sender", "<" + sender + ">"));
        inputs.put("program", report.userAgent());
        return new Statement(
                "abuse-report",
                report.type().toString(),
                name(report.subject().reportingMta().orElse("")) + " reported: " + report.type(),
                inputs);
    }

    private static String name(String reporter) {
        return reporter.isEmpty() ? "somebody" : reporter;
    }
}
