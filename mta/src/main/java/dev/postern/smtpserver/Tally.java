package dev.postern.smtpserver;

import java.time.Duration;

/// What a session has done so far, and whether it has done too much of what brings no mail nearer. Used by one thread.
final class Tally {
    private final SessionLimits.Patience patience;
    private int transactions;
    private int messages;
    private int recipients;
    private long octets;
    private int refused;
    private int faults;
    private int failedLogins;
    private int idleCommands;
    private int unknownRecipients;

    Tally(SessionLimits.Patience patience) {
        this.patience = patience;
    }

    /// MAIL was given.
    ///
    /// @return how often it was
    int transaction() {
        return ++transactions;
    }

    /// A message was taken; idle commands are counted from here.
    void message(int toRecipients, long size) {
        messages++;
        recipients += toRecipients;
        octets += size;
        idleCommands = 0;
    }

    /// Something was refused.
    void refusal() {
        refused++;
    }

    /// A recipient was refused since it does not exist.
    ///
    /// @return whether that was one too many
    boolean unknownRecipient() {
        return ++unknownRecipients >= patience.unknownRecipients();
    }

    /// A command was wrong or came at the wrong time.
    ///
    /// @return whether that was one too many
    boolean fault() {
        return faultAgain() >= patience.faults();
    }

    /// The same where patience is not asked.
    ///
    /// @return how many there were
    int faultAgain() {
        return ++faults;
    }

    /// A login failed.
    ///
    /// @return whether that was one too many
    boolean failedLogin() {
        return ++failedLogins >= patience.failedLogins();
    }

    /// A command was right and brought no mail nearer.
    ///
    /// @return whether that was one too many
    boolean idleCommand() {
        return ++idleCommands > patience.idleCommands();
    }

    /// Whether a message was taken.
    boolean hasMessages() {
        return messages > 0;
    }

    /// All of it for the log.
    SessionEvent.Totals totals(Duration time) {
        return new SessionEvent.Totals(messages, recipients, octets, refused, faults, time);
    }
}
