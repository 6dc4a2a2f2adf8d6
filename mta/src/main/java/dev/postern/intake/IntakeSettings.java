package dev.postern.intake;

import dev.postern.dns.DomainName;

/// What intake needs to know.
///
/// @param hostname the name of this server in trace fields
/// @param limits how much structure a message may have
public record IntakeSettings(DomainName hostname, MessageLimits limits) {
    /// The usual limits.
    public static IntakeSettings of(DomainName hostname) {
        return new IntakeSettings(hostname, MessageLimits.byDefault());
    }
}
