package dev.postern.reporting;

import dev.postern.reportstore.ReportClaim;
import dev.postern.reportstore.Settlement;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// The reports on messages: one a day for each domain, and those on single messages that failed.
public record MessageReports(AggregateSender aggregates, FailureSender failures) implements ReportSender {
    @Override
    public String counted() {
        return "messages";
    }

    @Override
    public void sendDue(ReportingSettings settings, Instant now) throws IOException {
        if (settings.sends(ReportClaim.Kind.AGGREGATE)) {
            aggregates.sendDue(settings, now);
        }
        if (settings.sends(ReportClaim.Kind.FAILURE)) {
            failures.sendWaiting(settings, now);
        }
    }

    @Override
    public List<Settlement> sendNow(LocalDate day, ReportingSettings settings, Instant now) throws IOException {
        return settings.sends(ReportClaim.Kind.AGGREGATE) ? aggregates.sendNow(day, settings, now) : List.of();
    }
}
