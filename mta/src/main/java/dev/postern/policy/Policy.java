package dev.postern.policy;

import dev.postern.smtp.Recipient;

/// One set of rules on what we accept; shared by all sessions, may block (it is called on the session's own thread).
///
/// Each stage has no opinion unless it is overridden. A policy never throws for what a peer or DNS did: it defers.
public interface Policy {
    /// Asked when a client has connected.
    default Verdict connect(SessionFacts session) {
        return Verdict.noOpinion();
    }

    /// Asked when the client has given its name, which `session` holds.
    default Verdict helo(SessionFacts session) {
        return Verdict.noOpinion();
    }

    /// Asked for each command in the clear but those by which a client gets TLS or leaves.
    default Verdict clear(SessionFacts session) {
        return Verdict.noOpinion();
    }

    /// Asked for each MAIL that is legal and well formed.
    default Verdict mail(SessionFacts session, MailFacts mail) {
        return Verdict.noOpinion();
    }

    /// Asked for each RCPT that is legal and well formed.
    default Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient) {
        return Verdict.noOpinion();
    }

    /// Asked when the content is here in full.
    default Verdict content(SessionFacts session, ContentFacts content) {
        return Verdict.noOpinion();
    }
}
