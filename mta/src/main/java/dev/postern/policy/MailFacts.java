package dev.postern.policy;

import dev.postern.smtp.MailParameters;
import dev.postern.smtp.ReversePath;

/// What MAIL said.
public record MailFacts(ReversePath reversePath, MailParameters parameters) {}
