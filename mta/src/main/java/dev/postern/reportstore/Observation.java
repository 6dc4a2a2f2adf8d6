package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;

/// Messages of a domain that were judged alike.
///
/// @param domain whose policy it was
/// @param record that policy, which names somebody who wants to be told
/// @param row what there is to tell
public record Observation(DomainName domain, DmarcRecord record, AggregateRow row) {
    /// @throws IllegalArgumentException if nobody wants to be told
    public Observation {
        if (record.reporting().aggregate().isEmpty()) {
            throw new IllegalArgumentException(domain + " asks for no reports");
        }
    }
}
