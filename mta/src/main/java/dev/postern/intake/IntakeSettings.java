package dev.postern.intake;

import dev.postern.dns.DomainName;

/// What intake needs to know.
///
/// @param hostname the name of this server in trace fields
/// @param maxReceived more Received fields than this are a loop (RFC 5321 §6.3); 1 or more
/// @param maxHeaderFields more fields than this are refused; 1 or more
public record IntakeSettings(DomainName hostname, int maxReceived, int maxHeaderFields) {
    /// The limit of Received fields that RFC 5321 §6.3 suggests.
    public static final int DEFAULT_MAX_RECEIVED = 100;

    /// A number of header fields that no honest message has.
    public static final int DEFAULT_MAX_HEADER_FIELDS = 2000;

    /// @throws IllegalArgumentException if a limit is below 1
    public IntakeSettings {
        if (maxReceived < 1 || maxHeaderFields < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /// The usual limits.
    public static IntakeSettings of(DomainName hostname) {
        return new IntakeSettings(hostname, DEFAULT_MAX_RECEIVED, DEFAULT_MAX_HEADER_FIELDS);
    }
}
