package dev.postern.smtpserver;

import dev.postern.guard.Ban;
import dev.postern.guard.Demand;
import dev.postern.guard.Denial;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the server says, in one place (RFC 5321 §4.2.2, RFC 3463, RFC 5248).
final class Replies {
    static final Reply OK = Reply.of(250, "2.0.0", "ok");
    static final Reply SENDER_OK = Reply.of(250, "2.1.0", "sender ok");
    static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "recipient ok");
    static final Reply FORGOTTEN = Reply.of(250, "2.0.0", "forgotten");
    static final Reply BYE = Reply.of(221, "2.0.0", "bye");
    static final Reply HELP = Reply.of(
            214, "2.0.0", "commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY STARTTLS AUTH QUIT (RFC 5321)");
    static final Reply CANNOT_VERIFY = Reply.of(252, "2.0.0", "addresses are not verified here; send the mail and see");
    static final Reply NO_EXPANSION = Reply.of(550, "5.7.2", "lists are not expanded here");
    static final Reply NO_SUCH_MAILBOX = Reply.of(550, "5.1.1", "nobody has this address here");
    static final Reply NO_SUCH_LIST = Reply.of(550, "5.1.1", "no list has this name here");
    static final Reply NEEDS_UTF8_REPLY = Reply.of(252, "2.6.8", "the answer is beyond ASCII, in which replies are");
    static final Reply SPEAKS_FOR_NOBODY =
            Reply.of(550, "5.7.0", "this server takes your word for yourself only, not for other clients");
    static final Reply IN_TRANSACTION = Reply.of(503, "5.5.1", "not within a transaction");
    static final Reply CLIENT_NOTED = Reply.of(250, "2.0.0", "noted");
    static final Reply NODE_NOT_ALLOWED = Reply.of(459, "4.7.1", "you may not ask for the mail of this domain");
    static final Reply NODE_STARTED = Reply.of(250, "2.0.0", "queuing for this domain has started");
    static final Reply NODE_UNABLE = Reply.of(458, "4.3.2", "queuing for this domain is not possible now");
    static final Reply START_INPUT = Reply.plain(354, "send the message, end it with a line of one dot");

    static final Reply GREET_FIRST = Reply.of(503, "5.5.1", "say EHLO first");
    static final Reply LHLO_FIRST = Reply.of(503, "5.5.1", "say LHLO first");
    static final Reply NESTED_MAIL = Reply.of(503, "5.5.1", "a transaction is open, one sender has been named");
    static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "say MAIL first");
    static final Reply RCPT_FIRST = Reply.of(503, "5.5.1", "say RCPT first");
    static final Reply NO_VALID_RECIPIENT = Reply.of(554, "5.5.1", "no valid recipients");
    static final Reply CHUNKS_BEGUN =
            Reply.of(503, "5.5.1", "the message has begun with BDAT, go on with it or say RSET");
    static final Reply CHUNK_FAILED = Reply.of(503, "5.5.1", "an earlier chunk of this message failed, say RSET");

    static final Reply NOT_RECOGNISED = Reply.of(500, "5.5.1", "command not recognised");
    static final Reply NOT_OFFERED = Reply.of(502, "5.5.1", "this command is not offered here");
    static final Reply IS_LMTP = Reply.of(500, "5.5.1", "this is LMTP, say LHLO");
    static final Reply IS_SMTP = Reply.of(500, "5.5.1", "this is SMTP, say EHLO");
    static final Reply NEEDS_CHUNKS =
            Reply.of(503, "5.5.1", "the message was declared BODY=BINARYMIME, so send it with BDAT");

    static final Reply TOO_BIG = Reply.of(552, "5.3.4", "the message is larger than this server takes");
    static final Reply TOO_MANY_RECIPIENTS =
            Reply.of(452, "4.5.3", "too many recipients, send the rest in another transaction");
    static final Reply TOO_MANY_TRANSACTIONS =
            Reply.of(421, "4.7.0", "too many messages in one session, send the rest in another");
    static final Reply TOO_MANY_FAULTS = Reply.of(421, "4.7.0", "too many wrong commands, good bye");
    static final Reply TOO_MANY_UNKNOWN = Reply.of(421, "4.7.0", "too many recipients that do not exist, good bye");
    static final Reply TOO_IDLE = Reply.of(421, "4.7.0", "too many commands without a message, good bye");
    static final Reply TOO_MANY_LOGINS = Reply.of(421, "4.7.0", "too many failed logins, good bye");
    static final Reply TOO_MANY_SESSIONS = Reply.of(421, "4.3.2", "too many connections, come again later");
    static final Reply TOO_MANY_SESSIONS_HERE =
            Reply.of(421, "4.3.2", "too many connections to this port, come again later");
    static final Reply OVERLOADED_DISK = Reply.of(421, "4.3.1", "no room for more mail now, come again later");
    static final Reply OVERLOADED_MEMORY = Reply.of(421, "4.3.2", "this server is overloaded, come again later");
    static final Reply OVERLOADED_SPOOL =
            Reply.of(421, "4.3.2", "this server is overloaded, mail is stored too slowly now, come again later");
    static final Reply SHED = Reply.of(421, "4.3.2", "too busy to wait for you any longer, come again later");
    static final Reply TOO_MANY_FROM_THERE =
            Reply.of(421, "4.7.0", "too many connections from your address or network, close some first");
    static final Reply TOO_SLOW = Reply.of(421, "4.4.2", "waited too long, good bye");
    static final Reply STOPPING = Reply.of(421, "4.3.2", "this server is stopping, come again later");
    static final Reply OUR_MISTAKE = Reply.of(421, "4.3.0", "internal error, come again later");
    static final Reply DOOR_CLOSED = Reply.of(503, "5.5.1", "you were refused, say QUIT");

    static final Reply SPOKE_EARLY = Reply.of(554, "5.5.1", "you spoke before the greeting, good bye");
    static final Reply DID_NOT_WAIT = Reply.of(503, "5.5.1", "you did not wait for this reply, good bye");
    static final Reply SMTP_ONLY = Reply.of(554, "5.5.1", "SMTP is spoken here and nothing else, good bye");
    static final Reply TOO_MANY_HELD_BACK = Reply.of(421, "4.7.0", "no room for slow clients now, come again later");
    static final Reply TLS_FROM_THE_START =
            Reply.of(554, "5.7.0", "this port begins with TLS, and you did not, good bye");

    static final Reply READY_FOR_TLS = Reply.of(220, "2.0.0", "ready for TLS");
    static final Reply NO_TLS_NOW = Reply.of(454, "4.7.0", "TLS is not available now");
    static final Reply TLS_ALREADY = Reply.of(503, "5.5.1", "TLS is on already");

    static final Reply LOGIN_FIRST = Reply.of(530, "5.7.0", "authentication required");
    static final Reply LOGGED_IN = Reply.of(235, "2.7.0", "welcome");
    static final Reply LOGGED_IN_ALREADY = Reply.of(503, "5.5.1", "logged in already");
    static final Reply LOGIN_NEEDS_TLS =
            Reply.of(538, "5.7.11", "encryption required for authentication, say STARTTLS first");
    static final Reply LOGIN_FAILED = Reply.of(535, "5.7.8", "authentication failed");
    static final Reply LOGIN_UNAVAILABLE = Reply.of(454, "4.7.0", "authentication is not available now");
    static final Reply LOGIN_CANCELLED = Reply.of(501, "5.7.0", "authentication cancelled");
    static final Reply LOGIN_NOT_BASE64 = Reply.of(501, "5.5.2", "that is not base64");
    static final Reply LOGIN_LINE_TOO_LONG = Reply.of(500, "5.5.6", "authentication line too long");
    static final Reply MECHANISM_UNKNOWN = Reply.of(504, "5.5.4", "authentication mechanism not recognised");

    private static final Optional<EnhancedStatus> STATUS_OK = Optional.of(EnhancedStatus.of("2.0.0"));

    private Replies() {}

    /// The 250 that promises durability.
    static Reply queued(QueueId id) {
        return new Reply(250, STATUS_OK, List.of("ok: queued as " + id));
    }

    /// The reply to a login that is not looked at.
    ///
    /// @param wait until one is again
    static Reply loginThrottled(Duration wait) {
        long minutes = Math.max(1, wait.plusSeconds(59).toMinutes());
        return Reply.of(
                454,
                "4.7.0",
                "too many failed logins, try again in " + minutes + (minutes == 1 ? " minute" : " minutes"));
    }

    /// The reply to a command that comes before the client has introduced itself.
    static Reply greetFirst(ListenerRole role) {
        return role == ListenerRole.LMTP ? LHLO_FIRST : GREET_FIRST;
    }

    /// The reply to a verb that is none here.
    static Reply unrecognised(ListenerRole role, String verb) {
        return switch (role) {
            case LMTP -> verb.equals("HELO") || verb.equals("EHLO") ? IS_LMTP : NOT_RECOGNISED;
            case MX, SUBMISSION, SUBMISSIONS, LOCAL -> verb.equals("LHLO") ? IS_SMTP : NOT_RECOGNISED;
        };
    }

    /// The reply to a client that does not get what it asks for.
    static Reply of(Denial denial) {
        return switch (denial) {
            case Denial.Banned(Ban ban, String appeal) ->
                Reply.of(
                        421,
                        "4.7.1",
                        ban.network() + " is banned until " + ban.until() + " (" + ban.why() + "); if that is wrong, "
                                + appeal);
            case Denial.TooMuch(Demand demand, Denial.Scope whose, long _, Duration delay) ->
                tooMuch(demand, origin(whose) + ", try again in " + soon(delay));
        };
    }

    private static String origin(Denial.Scope whose) {
        return switch (whose) {
            case ADDRESS -> " from your address";
            case NETWORK -> " from your network";
            case USER -> " of this user";
        };
    }

    private static Reply tooMuch(Demand demand, String rest) {
        return switch (demand) {
            case SESSIONS -> Reply.of(421, "4.7.0", "too many connections within a minute" + rest);
            case HANDSHAKES -> Reply.of(454, "4.7.0", "too many TLS handshakes within a minute" + rest);
            case MESSAGES -> Reply.of(450, "4.7.1", "too many messages within an hour" + rest);
            case RECIPIENTS -> Reply.of(452, "4.5.3", "too many recipients within an hour" + rest);
            case OCTETS -> Reply.of(452, "4.7.1", "too many octets of messages within an hour" + rest);
            case UNKNOWN_RECIPIENTS ->
                Reply.of(450, "4.7.1", "too many recipients that do not exist within an hour" + rest);
            case FAILED_COMMANDS -> Reply.of(421, "4.7.0", "too many wrong commands within an hour" + rest);
        };
    }

    /// A time in words, rounded up.
    private static String soon(Duration time) {
        long seconds = Math.max(1, time.plusNanos(999_999_999).toSeconds());
        if (seconds < 120) {
            return seconds + (seconds == 1 ? " second" : " seconds");
        }
        return (seconds + 59) / 60 + " minutes";
    }

    /// The reply to a chunk that is not the last.
    static Reply chunkTaken(long octets) {
        return new Reply(250, STATUS_OK, List.of(octets + " octets taken"));
    }

    /// What a peer is told when the spool does not do its work; never a reason to give up the mail.
    static Reply of(SpoolException failure) {
        return switch (failure) {
            case SpoolException.Full full -> SPOOL_FULL;
            case SpoolException.TooSlow slow -> SPOOL_SLOW;
            case SpoolException.Broken broken -> SPOOL_BROKEN;
            case SpoolException.Corrupt corrupt -> SPOOL_BROKEN;
        };
    }

    private static final Reply SPOOL_FULL = Reply.of(452, "4.3.1", "no room for more mail now, come again later");
    private static final Reply SPOOL_SLOW = Reply.of(451, "4.3.2", "too busy to take mail now, come again later");
    private static final Reply SPOOL_BROKEN = Reply.of(451, "4.3.0", "cannot store mail now, come again later");
}
