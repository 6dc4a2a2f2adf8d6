package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.policy.MailFacts;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What lies between MAIL and the end of the content (RFC 5321 §3.3): the reverse-path buffer, the forward-path buffer,
/// and the mail data buffer where it fills in chunks. Used by one thread.
final class Transaction implements Closeable {
    /// Decisions kept; a thousand recipients, each with a few rules, fit.
    private static final int MOST_DECISIONS = 4096;

    private final MailFacts mail;
    private final Instant opened;
    private final List<Recipient> recipients = new ArrayList<>(1);
    private final List<Decision> decisions = new ArrayList<>(4);
    private boolean recipientsRefused;
    private @Nullable Reception reception;
    private boolean chunkFailed;

    /// @param opened when MAIL came: times that its sender named are counted from then
    Transaction(MailFacts mail, Instant opened) {
        this.mail = mail;
        this.opened = opened;
    }

    /// What MAIL said.
    MailFacts mail() {
        return mail;
    }

    /// Takes an accepted recipient.
    void add(Recipient recipient) {
        recipients.add(recipient);
    }

    /// Notes that a recipient was refused.
    void refuse() {
        recipientsRefused = true;
    }

    /// Whether RCPT was tried, in vain.
    boolean allRecipientsRefused() {
        return recipients.isEmpty() && recipientsRefused;
    }

    /// How many recipients were accepted.
    int recipients() {
        return recipients.size();
    }

    /// The envelope.
    ///
    /// @throws IllegalArgumentException if no recipient was accepted
    Envelope envelope() {
        return new Envelope(mail.reversePath(), mail.parameters(), recipients);
    }

    /// The envelope of a message that is taken at a moment: the time within which it is to be delivered has run since
    /// MAIL (RFC 2852 §4).
    Envelope envelopeAt(Instant taken) {
        MailParameters asked = mail.parameters();
        Handling left = asked.handling().after(Duration.between(opened, taken));
        return new Envelope(mail.reversePath(), asked.withHandling(left), recipients);
    }

    /// Adds decisions to the record of the message to be.
    void decided(List<Decision> more) {
        decisions.addAll(more.subList(0, Math.min(more.size(), MOST_DECISIONS - decisions.size())));
    }

    /// The record of the message to be.
    List<Decision> decisions() {
        return decisions;
    }

    /// Whether the content may be anything, so that only chunks can carry it (RFC 3030 §3).
    boolean isBinary() {
        return mail.parameters().body() == BodyType.BINARY_MIME;
    }

    /// The content that has begun to come in chunks.
    Optional<Reception> reception() {
        return Optional.ofNullable(reception);
    }

    /// Whether BDAT was given, so that nothing but BDAT goes on.
    boolean hasChunks() {
        return reception != null || chunkFailed;
    }

    /// The content begins to come in.
    void begin(Reception content) {
        reception = content;
    }

    /// A chunk was not taken: what was taken is forgotten, and nothing but RSET helps.
    void failChunk() {
        chunkFailed = true;
        close();
        reception = null;
    }

    /// Whether a chunk was not taken.
    boolean chunkFailed() {
        return chunkFailed;
    }

    /// Forgets the content that was not completed.
    @Override
    public void close() {
        if (reception != null) {
            reception.close();
        }
    }
}
