package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.event.Event;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.Verdict;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What happens in a session and is worth telling.
public sealed interface SessionEvent extends Event {
    /// The session's id.
    QueueId session();

    /// A client has connected, and there is room for it.
    record Connected(QueueId session, ListenerRole role, Endpoint local, Endpoint peer) implements SessionEvent {}

    /// The connection is encrypted.
    record Encrypted(QueueId session, TlsState tls) implements SessionEvent {}

    /// The TLS handshake failed.
    record HandshakeFailed(QueueId session, String why) implements SessionEvent {}

    /// Octets came in the clear behind STARTTLS: an attempt to have them read as if they came through TLS
    /// (RFC 3207 §6), or a badly broken client.
    record InjectionAttempt(QueueId session, Endpoint peer) implements SessionEvent {}

    /// A client spoke before the greeting.
    ///
    /// @param said its first word, printable ASCII
    record EarlyTalk(QueueId session, Endpoint peer, String said) implements SessionEvent {}

    /// A client sent more behind a command whose reply it has to wait for (RFC 2920 §3.1).
    ///
    /// @param verb in upper case
    record EarlyPipelining(QueueId session, Endpoint peer, String verb) implements SessionEvent {}

    /// A client speaks something else than SMTP.
    ///
    /// @param protocol such as `http`
    record OtherProtocolSpoken(QueueId session, Endpoint peer, String protocol) implements SessionEvent {}

    /// From now on the replies of a session are held back.
    ///
    /// @param why `offences` of before, or `refusals` in this session
    record HeldBack(QueueId session, Endpoint peer, String why) implements SessionEvent {}

    /// A user has logged in.
    record Authenticated(QueueId session, String user, String mechanism) implements SessionEvent {}

    /// Somebody has failed to log in.
    ///
    /// @param claimed the name that was given, free of control characters; empty where none could be read
    record LoginFailed(QueueId session, String claimed, String mechanism, String why) implements SessionEvent {}

    /// A login was not looked at, because too many have failed.
    ///
    /// @param claimed the name that was given, free of control characters
    /// @param by what the failures have in common, such as `address`
    /// @param closedFor how long it will be so
    record LoginThrottled(QueueId session, Endpoint peer, String claimed, String by, Duration closedFor)
            implements SessionEvent {}

    /// Another server speaks for a client (XCLIENT), and the session is that client's from now on.
    ///
    /// @param server which spoke for it, or the client for which it spoke before
    /// @param told what it said
    record SpokenFor(QueueId session, Endpoint server, Endpoint peer, Optional<String> user, String told)
            implements SessionEvent {}

    /// Another server has told where it has the next message from (XFORWARD).
    ///
    /// @param told what it said
    record OriginTold(QueueId session, String told) implements SessionEvent {}

    /// A host has asked for the mail that waits for its domain (ETRN).
    record QueueAsked(QueueId session, Endpoint peer, DomainName node, QueueStarter.Outcome outcome)
            implements SessionEvent {}

    /// Policy refused the client, its name or its reverse-path.
    ///
    /// @param stage such as `connect`
    record Refused(QueueId session, String stage, Verdict.Refusal verdict) implements SessionEvent {}

    /// Policy refused a recipient.
    record RecipientRefused(QueueId session, ReversePath sender, ForwardPath recipient, Verdict.Refusal verdict)
            implements SessionEvent {}

    /// A message is in the spool to stay.
    ///
    /// @param octets of content, as it was given
    record MessageTaken(
            QueueId session,
            QueueId message,
            Origin origin,
            ReversePath sender,
            List<ForwardPath> recipients,
            long octets)
            implements SessionEvent {}

    /// A message was answered as if it were taken, and thrown away, as a policy said.
    record MessageDiscarded(QueueId session, QueueId message, ReversePath sender, Verdict.Discard verdict)
            implements SessionEvent {}

    /// A message was not taken after its content had come.
    ///
    /// @param why for the operator; the peer got the reply
    record MessageRefused(QueueId session, QueueId message, ReversePath sender, long octets, Reply reply, String why)
            implements SessionEvent {}

    /// A command was wrong, or came at the wrong time.
    ///
    /// @param verb in upper case
    record ProtocolFault(QueueId session, String verb, Reply reply) implements SessionEvent {}

    /// This server made a mistake, which ended the session.
    record Broken(QueueId session, RuntimeException bug) implements SessionEvent {}

    /// The session is over.
    ///
    /// @param helo the name that the client gave last
    record Disconnected(QueueId session, Endpoint peer, Optional<String> helo, Ending ending, Totals totals)
            implements SessionEvent {}

    /// What a session has done.
    ///
    /// @param messages taken
    /// @param recipients of the messages taken
    /// @param octets of the contents taken
    /// @param refused recipients and messages refused
    /// @param faults commands that were wrong
    /// @param time from the first octet to the last
    record Totals(int messages, int recipients, long octets, int refused, int faults, Duration time) {}
}
