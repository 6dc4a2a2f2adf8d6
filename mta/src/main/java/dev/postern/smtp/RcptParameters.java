package dev.postern.smtp;

import java.util.Optional;

/// What came with RCPT beside the forward-path.
///
/// @param notifyOn when to report, empty where the sender did not say
/// @param originalRecipient the address the sender first named
public record RcptParameters(Optional<Notify> notifyOn, Optional<OriginalRecipient> originalRecipient) {
    /// No parameter at all.
    public static RcptParameters none() {
        return new RcptParameters(Optional.empty(), Optional.empty());
    }

    /// When to report, the default included.
    public Notify effectiveNotify() {
        return notifyOn.orElseGet(Notify::byDefault);
    }
}
