package dev.postern.dsn;

import dev.postern.smtp.EnhancedStatus;

/// What a human can do about a failure, told from its enhanced status (RFC 3463 §3).
final class Advice {
    private static final int ADDRESS = 1;
    private static final int MAILBOX = 2;
    private static final int NETWORK = 4;
    private static final int CONTENT = 6;
    private static final int POLICY = 7;
    private static final int MAILBOX_FULL = 2;
    private static final int EXPIRED = 7;

    private static final EnhancedStatus TOO_BIG_FOR_SYSTEM = new EnhancedStatus(5, 3, 4);
    private static final EnhancedStatus TOO_BIG_FOR_MAILBOX = new EnhancedStatus(5, 2, 3);

    private static final EnhancedStatus REQUIRETLS_NEEDED = new EnhancedStatus(5, 7, 30);
    private static final EnhancedStatus ENCRYPTION_NEEDED = new EnhancedStatus(5, 7, 10);

    private Advice() {}

    /// A sentence or two.
    static String on(EnhancedStatus status) {
        if (status.equals(TOO_BIG_FOR_SYSTEM) || status.equals(TOO_BIG_FOR_MAILBOX)) {
            return "Send a smaller message, or share large files in another way.";
        }
        if (status.equals(REQUIRETLS_NEEDED) || status.equals(ENCRYPTION_NEEDED)) {
            return "The message was to travel over proven encryption only, all the way, and the next server does not offer"
                    + " that. Send it without that demand, or reach the recipient in another way.";
        }
        return switch (status.subject()) {
            case ADDRESS ->
                "Check the address for a typing mistake and send the message again, or ask the recipient for"
                        + " the right address in another way.";
            case MAILBOX ->
                status.detail() == MAILBOX_FULL
                        ? "The recipient has to make room first: tell them in another way, and send the message again later."
                        : "Tell the recipient in another way that their mailbox does not take mail.";
            case NETWORK ->
                status.detail() == EXPIRED
                        ? "Send the message again later, or reach the recipient in another way."
                        : "Check the part of the address after the @. If it is right, the other side has a problem: try again"
                                + " later, or reach the recipient in another way.";
            case CONTENT ->
                "The other server cannot take the form of this message: send it again as plain text, or"
                        + " without unusual characters in addresses.";
            case POLICY ->
                "The other server does not want this message. Its words above may say why; only its"
                        + " administrator can change that.";
            default -> "Send the message again later. If it fails again, ask the recipient's administrator.";
        };
    }
}
