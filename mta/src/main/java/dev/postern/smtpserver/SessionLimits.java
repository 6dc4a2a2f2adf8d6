package dev.postern.smtpserver;

/// How much one session may ask for.
///
/// @param messageOctets the largest content, announced with SIZE (RFC 1870)
/// @param recipients of one transaction, 100 or more (RFC 5321 §4.5.3.1.8)
/// @param faults commands that are wrong or come at the wrong time, before the session ends with 421
/// @param failedLogins failed AUTH commands before the session ends with 421
public record SessionLimits(long messageOctets, int recipients, int faults, int failedLogins) {
    private static final int LEAST_RECIPIENTS = 100;
    private static final int LEAST_OCTETS = 64 * 1024;

    /// 50 MiB, 1000 recipients, 20 faults, 3 failed logins.
    public static SessionLimits byDefault() {
        return new SessionLimits(50L << 20, 1000, 20, 3);
    }

    /// @throws IllegalArgumentException with a sentence, if a limit is below what RFC 5321 §4.5.3.1 asks for, or below
    /// 1
    public SessionLimits {
        if (messageOctets < LEAST_OCTETS) {
            throw new IllegalArgumentException("messages of 64 KiB must be taken (RFC 5321 section 4.5.3.1.7)");
        }
        if (recipients < LEAST_RECIPIENTS) {
            throw new IllegalArgumentException("100 recipients must be taken (RFC 5321 section 4.5.3.1.8)");
        }
        if (faults < 1 || failedLogins < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /// The same with another largest content.
    public SessionLimits withMessageOctets(long octets) {
        return new SessionLimits(octets, recipients, faults, failedLogins);
    }
}
