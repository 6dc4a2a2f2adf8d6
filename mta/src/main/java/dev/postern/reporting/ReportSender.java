package dev.postern.reporting;

import dev.postern.reportstore.Settlement;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// Sends the reports on what one ledger counts. Used by one thread at a time.
public interface ReportSender {
    /// What is counted, in the plural: `messages`, `sessions`.
    String counted();

    /// Sends what is due, as far as it is wanted.
    void sendDue(ReportingSettings settings, Instant now) throws IOException;

    /// Sends all that is open of a day, as far as it is wanted, without waiting until it is due; of a day that is not
    /// over, what was seen until now.
    ///
    /// @return what became of each domain that is settled by it
    List<Settlement> sendNow(LocalDate day, ReportingSettings settings, Instant now) throws IOException;
}
