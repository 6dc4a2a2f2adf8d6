package dev.postern.smtpserver;

/// How much one session may ask for.
///
/// @param messageOctets the largest content, announced with SIZE (RFC 1870)
/// @param recipients of one transaction, 100 or more (RFC 5321 §4.5.3.1.8)
/// @param transactions MAIL commands of one session, whatever became of them; announced with LIMITS (RFC 9422)
/// @param patience what is borne before the session ends with 421
public record SessionLimits(long messageOctets, int recipients, int transactions, Patience patience) {
    private static final int LEAST_RECIPIENTS = 100;
    private static final int USUAL_RECIPIENTS = 1000;
    private static final int USUAL_TRANSACTIONS = 10_000;
    private static final int LEAST_OCTETS = 64 * 1024;

    /// How often a client may do what brings no mail nearer; the time after is the last.
    ///
    /// @param faults commands that are wrong or come at the wrong time
    /// @param failedLogins failed AUTH commands
    /// @param idleCommands NOOP, RSET, VRFY, EXPN, HELP, EHLO, HELO and LHLO since the last message
    /// @param unknownRecipients recipients that do not exist
    public record Patience(int faults, int failedLogins, int idleCommands, int unknownRecipients) {
        /// 20 faults, 3 failed logins, 100 idle commands, 50 unknown recipients.
        public static Patience byDefault() {
            return new Patience(20, 3, 100, 50);
        }

        /// @throws IllegalArgumentException if a limit is below 1
        public Patience {
            if (faults < 1 || failedLogins < 1 || idleCommands < 1 || unknownRecipients < 1) {
                throw new IllegalArgumentException("a limit below 1");
            }
        }
    }

    /// 50 MiB, 1000 recipients, 10,000 transactions, and the usual patience.
    public static SessionLimits byDefault() {
        return new SessionLimits(50L << 20, USUAL_RECIPIENTS, USUAL_TRANSACTIONS, Patience.byDefault());
    }

    /// @throws IllegalArgumentException with a sentence, if there can be no transaction, or a limit is below what RFC
    /// 5321 §4.5.3.1 asks for
    public SessionLimits {
        if (messageOctets < LEAST_OCTETS) {
            throw new IllegalArgumentException("messages of 64 KiB must be taken (RFC 5321 section 4.5.3.1.7)");
        }
        if (recipients < LEAST_RECIPIENTS) {
            throw new IllegalArgumentException("100 recipients must be taken (RFC 5321 section 4.5.3.1.8)");
        }
        if (transactions < 1) {
            throw new IllegalArgumentException("a session without a transaction");
        }
    }

    /// The same with another largest content.
    public SessionLimits withMessageOctets(long octets) {
        return new SessionLimits(octets, recipients, transactions, patience);
    }
}
