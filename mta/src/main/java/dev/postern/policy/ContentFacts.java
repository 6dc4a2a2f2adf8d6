package dev.postern.policy;

import dev.postern.smtp.Envelope;
import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import java.util.function.Consumer;

/// A message whose content is here in full, its line ends clean.
///
/// @param id the name it will have
/// @param envelope its envelope, every recipient accepted
/// @param content its octets as they will be stored
/// @param stamps takes header fields, each with CRLF at its end, to be put on top of the message if it is let in
public record ContentFacts(QueueId id, Envelope envelope, Content content, Consumer<String> stamps) {}
