package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.spool.QueueId;
import java.time.Instant;
import java.util.Optional;

/// How a report came to us.
///
/// @param received when
/// @param id the name that the message had in our queue
/// @param author the domain of its author, if the message passed DMARC: whoever else claims to have written it may not
///     have
public record ArchivedReport(Instant received, QueueId id, Optional<DomainName> author) {}
