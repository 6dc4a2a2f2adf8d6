package dev.postern.reporting;

import dev.postern.feedback.ReportLetter;
import dev.postern.feedback.TlsJson;
import dev.postern.feedback.TlsMail;
import dev.postern.feedback.TlsReport;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.QueueId;
import dev.postern.tlspolicy.tlsrpt.ReportPlace;
import dev.postern.web.WebAnswer;
import dev.postern.web.WebClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Brings a TLS report to the places that want it: to all inboxes in one message of ours, to each web server by POST.
///
/// @param mail where our messages begin their way
/// @param web how web servers are reached: only such as prove who they are, at public addresses
/// @rfc 8460 §5
public record TlsPost(ReportPost mail, WebClient web) {
    /// To how many of the places that a domain names a report goes, the first ones.
    static final int MOST_PLACES = 5;

    /// Who has a report now.
    ///
    /// @param taken the places that have taken it
    /// @param refused those that have not, each with the reason
    record Handed(List<String> taken, List<String> refused) {
        Handed {
            taken = List.copyOf(taken);
            refused = List.copyOf(refused);
        }
    }

    /// Tries each place once. What is for inboxes is in the spool to stay when this returns, and counts as taken; it
    /// goes first, so that nothing was brought anywhere if the spool refuses it.
    ///
    /// @throws IOException if the spool cannot take it
    Handed bring(TlsReport report, List<ReportPlace> places, ReportingSettings settings, Instant now)
            throws IOException {
        List<ReportPlace> first = places.subList(0, Math.min(places.size(), MOST_PLACES));
        List<String> taken = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<Mailbox> inboxes = new ArrayList<>();
        for (ReportPlace place : first) {
            if (place instanceof ReportPlace.Inbox(Mailbox mailbox)) {
                inboxes.add(mailbox);
            }
        }
        if (!inboxes.isEmpty()) {
            ReportLetter letter = new ReportLetter(
                    settings.submitter(),
                    settings.from(),
                    inboxes,
                    now,
                    report.reportId() + "@" + settings.submitter());
            QueueId id = mail.send(settings.from(), inboxes, TlsMail.compose(report, letter));
            inboxes.forEach(inbox -> taken.add(inbox + " as " + id));
        }
        byte[] packed = TlsJson.pack(report);
        for (ReportPlace place : first) {
            if (place instanceof ReportPlace.Web(var address)) {
                WebAnswer answer = web.post(address, TlsJson.PACKED_TYPE, packed);
                if (answer instanceof WebAnswer.Answered answered && answered.isSuccess()) {
                    taken.add(address.toString());
                } else {
                    refused.add(address + ": " + answer.words());
                }
            }
        }
        return new Handed(taken, refused);
    }
}
