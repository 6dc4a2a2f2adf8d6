package dev.postern.smtp;

/// One recipient of an envelope: the forward-path and what was asked for with it.
public record Recipient(ForwardPath path, RcptParameters parameters) {
    /// A recipient without parameters.
    public static Recipient of(ForwardPath path) {
        return new Recipient(path, RcptParameters.none());
    }
}
