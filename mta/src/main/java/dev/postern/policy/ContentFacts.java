package dev.postern.policy;

import dev.postern.smtp.Envelope;
import dev.postern.spool.QueueId;

/// A message whose content is here in full.
///
/// @param id the name it will have
/// @param envelope its envelope, every recipient accepted
/// @param octets the size of the content as it was given
public record ContentFacts(QueueId id, Envelope envelope, long octets) {}
