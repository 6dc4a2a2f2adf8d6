/// The receiving side of SMTP, submission and LMTP.
///
/// A {@link dev.postern.smtpserver.Listener} accepts connections and gives each a virtual thread; a
/// `ServerSession` is the life of one connection and reads like RFC 5321: each verb is first
/// checked (legal now? well formed?), then policy is asked, then it proceeds. `TlsPhase`,
/// `LoginPhase`, `EnvelopePhase`, `ContentCommands` and `ContentPhase` answer the verbs that are theirs,
/// `Refusals` is how all of them say no, `Departure` is how it ends. A `Transaction` is
/// what lies between MAIL and the end of the content; a `Reception` is the content on its way
/// through {@link dev.postern.intake.Intake} into the spool.
///
/// What a peer does wrong becomes a {@link dev.postern.smtp.Reply}, a {@link
/// dev.postern.event.Decision} and a {@link dev.postern.smtpserver.SessionEvent}; a lost connection
/// is an `IOException` that ends the session; our own mistakes end it with 421, and never the
/// server.
///
/// States of a session, as RFC 5321 §3 has them, with what leads from one to the next:
///
/// | state | left by |
/// |---|---|
/// | initiation (§3.1): connected, not greeted | EHLO, HELO, LHLO |
/// | client initiation done (§3.2): greeted, no transaction | MAIL |
/// | reverse-path buffer filled (§3.3, first step) | RCPT; RSET, EHLO back |
/// | forward-path buffer filled (second step) | DATA, BDAT; RSET, EHLO back |
/// | mail data buffer filling (third step; between two BDAT) | end of data; RSET, EHLO back |
///
/// STARTTLS leads from any of them back to initiation, QUIT and 421 to the end.
@NullMarked
package dev.postern.smtpserver;

import org.jspecify.annotations.NullMarked;
