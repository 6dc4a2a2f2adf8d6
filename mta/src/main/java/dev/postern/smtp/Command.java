package dev.postern.smtp;

import dev.postern.dns.DomainName;
import java.util.Optional;

/// A command of the client, read: one record a verb (RFC 5321 §4.1), and what is no command.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321 §4.1.1
public sealed interface Command {
    /// HELO: the client's name as it was given, printable ASCII, 1 to 255 octets (RFC 5321
    /// §4.1.1.1).
    record Helo(String client) implements Command {}

    /// EHLO: the client's name as it was given (RFC 5321 §4.1.1.1).
    record Ehlo(String client) implements Command {}

    /// LHLO, the EHLO of LMTP (RFC 2033 §4.1).
    record Lhlo(String client) implements Command {}

    /// MAIL FROM (RFC 5321 §4.1.1.2).
    record Mail(ReversePath reversePath, MailParameters parameters) implements Command {}

    /// RCPT TO (RFC 5321 §4.1.1.3).
    record Rcpt(Recipient recipient) implements Command {}

    /// DATA (RFC 5321 §4.1.1.4).
    record Data() implements Command {}

    /// BDAT (RFC 3030 §2).
    ///
    /// @param length octets that follow, 0 or more
    record Bdat(long length, boolean last) implements Command {}

    /// RSET (RFC 5321 §4.1.1.5).
    record Rset() implements Command {}

    /// VRFY (RFC 5321 §4.1.1.6).
    record Vrfy(String text) implements Command {}

    /// EXPN (RFC 5321 §4.1.1.7).
    record Expn(String text) implements Command {}

    /// HELP (RFC 5321 §4.1.1.8).
    record Help(String text) implements Command {}

    /// NOOP (RFC 5321 §4.1.1.9).
    record Noop() implements Command {}

    /// QUIT (RFC 5321 §4.1.1.10).
    record Quit() implements Command {}

    /// STARTTLS (RFC 3207 §4).
    record StartTls() implements Command {}

    /// AUTH (RFC 4954 §4).
    ///
    /// @param mechanism in upper case
    /// @param initialResponse base64 as it was given, `=` for an empty one
    record Auth(String mechanism, Optional<String> initialResponse) implements Command {
        /// Without the initial response, which may hold a password.
        @Override
        public String toString() {
            return "Auth[mechanism=" + mechanism + "]";
        }
    }

    /// ETRN (RFC 1985 §5.1).
    ///
    /// @param node the domain whose mail the client wants
    record Etrn(DomainName node) implements Command {}

    /// XCLIENT: another server says whom it speaks for.
    record XClient(ClientAttributes client) implements Command {}

    /// XFORWARD: another server says where it has its mail from.
    record XForward(ClientAttributes client) implements Command {}

    /// A known verb with arguments that its grammar does not have.
    ///
    /// @param verb in upper case
    /// @param reply what to answer: 501, 555, 500 … with enhanced status
    record Malformed(String verb, Reply reply) implements Command {}

    /// A malformed BDAT whose octets still follow and must be swallowed before the reply.
    ///
    /// @param length octets that follow, as the command told
    record MalformedBdat(long length, Reply reply) implements Command {}

    /// A BDAT with a size that cannot be read: the client may send any number of octets now, so
    /// nobody knows where its next command begins, and the session has to end after the reply.
    record UnreadableBdat(Reply reply) implements Command {}

    /// A verb that we do not know; the reply is 500 5.5.1 (RFC 5321 §4.2.4).
    ///
    /// @param verb the first word of the line in upper case, printable ASCII, cut after 32 chars
    record Unrecognised(String verb) implements Command {}
}
