package dev.postern.policy;

import dev.postern.forward.OnwardCopies;
import dev.postern.message.Stamps;
import dev.postern.smtp.Envelope;
import dev.postern.spool.Content;
import dev.postern.spool.QueueId;

/// A message whose content is here in full, its line ends clean.
///
/// @param id the name it will have
/// @param envelope its envelope, every recipient accepted
/// @param content its octets as they will be stored
/// @param stamps the fields that go on top of it if it is let in, to which a policy may add
/// @param onward what becomes of the copies that aliases lead to other servers, on which a policy may decide
/// @param findings what the policies asked before have found out
public record ContentFacts(
        QueueId id, Envelope envelope, Content content, Stamps stamps, OnwardCopies onward, Findings findings) {}
