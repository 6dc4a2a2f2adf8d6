package dev.postern.smtpclient;

import dev.postern.smtp.CommandWriter;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Extension;
import dev.postern.smtp.ProtocolException;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.wire.Connection;
import dev.postern.wire.ContentWriter;
import dev.postern.wire.Deadline;
import dev.postern.wire.DeadlineExceeded;
import dev.postern.wire.IllegalContentException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One mail transaction, in as few round trips as the server permits (RFC 5321 §3.3, RFC 2920, RFC 3030).
///
/// With PIPELINING, MAIL, RCPT and DATA go out in one flight; with CHUNKING besides, MAIL, RCPT and the
/// first chunk, which is the whole message if it fits into one. `awaited` holds the commands of the
/// envelope whose replies are still to come. A flight has at most {@value #FLIGHT} of them, so that
/// their replies fit into the buffers between us and the server: else we could wait for it to read while
/// it waits for us to.
///
/// A recipient is settled once, by the first of: a need that the server does not meet, a refusal, the final reply,
/// the end of the connection. The content is never ended unless somebody was accepted and the whole of it was read: a
/// lone dot ends an unwanted DATA.
final class Transaction {
    /// Commands whose replies are outstanding, at most.
    static final int FLIGHT = 50;

    /// Chunks whose replies are outstanding, at most.
    private static final int CHUNKS = 4;

    private static final int MAIL = -1;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final byte[] LONE_DOT = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private final SmtpClient.Terms terms;
    private final Transmission transmission;
    private final Fitness fitness;
    private final Deadline whole;
    private final @Nullable RecipientResult[] results;
    private final Deque<Integer> awaited = new ArrayDeque<>();
    private final List<Integer> accepted = new ArrayList<>();
    private Step step = Step.MAIL;
    private boolean heard;
    private boolean mailTaken;
    private boolean mailRefused;
    private boolean contentSent;
    private boolean clean = true;

    Transaction(Exchange exchange, SmtpClient.Terms terms, Transmission transmission) {
        this.exchange = exchange;
        this.terms = terms;
        this.transmission = transmission;
        this.fitness = new Fitness(transmission, terms);
        this.whole = Deadline.after(terms.settings().timeouts().transaction());
        this.results = new RecipientResult[transmission.recipients().size()];
    }

    /// Whether the session can have another transaction.
    boolean clean() {
        return clean;
    }

    /// Runs the transaction and tells what came of it for each recipient, in their order.
    List<RecipientResult> run() {
        List<Integer> wanted = screen();
        if (!wanted.isEmpty()) {
            try {
                speak(wanted);
            } catch (Exchange.ServerCloses closing) {
                broken(new RecipientResult.Refused(step, closing.reply()));
            } catch (IllegalContentException e) {
                broken(new RecipientResult.Unfit(EnhancedStatus.of("5.6.0"), "not to be sent: " + Words.of(e)));
            } catch (ContentStream.Unreadable e) {
                broken(new RecipientResult.Unreadable("the content cannot be read: " + Words.of(e)));
            } catch (IOException e) {
                hearLastWords();
                // who closes without a word to MAIL has taken nothing; who is silent or babbles may have
                contentSent &= heard || e instanceof DeadlineExceeded || e instanceof ProtocolException;
                broken(new RecipientResult.Unanswered(heard ? step : Step.MAIL, Words.of(e), contentSent));
            }
        }
        if (exchange.connection().buffered() > 0) {
            clean = false; // the server talks without being asked
        }
        List<RecipientResult> all = new ArrayList<>(results.length);
        for (RecipientResult result : results) {
            all.add(result == null ? new RecipientResult.Unanswered(step, "no reply", contentSent) : result);
        }
        return all;
    }

    /// Settles the recipients that this server cannot serve, and tells the others.
    private List<Integer> screen() {
        Optional<RecipientResult.Unprotected> unprotected = fitness.protection();
        if (unprotected.isPresent()) {
            settle(unprotected.get());
            return List.of();
        }
        Optional<RecipientResult.Unfit> nobody = fitness.message();
        List<Integer> wanted = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            Optional<RecipientResult.Unfit> unfit = nobody.isPresent() ? nobody : fitness.recipient(recipient(i));
            if (unfit.isPresent()) {
                results[i] = unfit.get();
            } else {
                wanted.add(i);
            }
        }
        return wanted;
    }

    private Recipient recipient(int i) {
        return transmission.recipients().get(i);
    }

    private void speak(List<Integer> wanted) throws IOException {
        boolean pipelining = terms.capabilities().has(Extension.PIPELINING);
        int flight = pipelining ? FLIGHT : 1;
        List<Recipient> recipients = wanted.stream().map(this::recipient).toList();
        exchange.say(
                CommandWriter.mail(transmission.reversePath(), fitness.parameters(recipients), terms.capabilities()));
        awaited.add(MAIL);
        for (int i : wanted) {
            if (awaited.size() >= flight) {
                hearEnvelope();
            }
            if (mailRefused) {
                return;
            }
            exchange.say(CommandWriter.rcpt(fitness.told(recipient(i)), terms.capabilities()));
            awaited.add(i);
        }
        boolean chunking = terms.capabilities().has(Extension.CHUNKING) && (!isLmtp() || fitness.isBinary());
        boolean oneFlight = chunking
                && pipelining
                && transmission.size() <= terms.settings().chunk();
        boolean ahead = pipelining && (!chunking || !isLmtp());
        if (!oneFlight && !ahead) {
            hearEnvelope();
        }
        if (mailRefused || (awaited.isEmpty() && accepted.isEmpty())) {
            reset();
        } else if (oneFlight) {
            sendWithEnvelope();
        } else if (chunking) {
            sendInChunks();
        } else {
            sendByData();
        }
    }

    /// Hears the replies to MAIL and RCPT that are still to come.
    private void hearEnvelope() throws IOException {
        exchange.flush();
        hearAwaited();
    }

    private void hearAwaited() throws IOException {
        ClientTimeouts timeouts = terms.settings().timeouts();
        while (!awaited.isEmpty()) {
            int which = awaited.peek();
            step = which == MAIL ? Step.MAIL : Step.RCPT;
            Reply reply = hear(which == MAIL ? timeouts.mail() : timeouts.rcpt());
            awaited.remove();
            if (reply.isIntermediate()) {
                throw new ProtocolException(reply.code() + " in reply to " + step.words());
            }
            if (which != MAIL) {
                settleOrAccept(which, reply);
            } else if (reply.isPositive()) {
                mailTaken = true;
            } else {
                mailRefused = true;
                settle(new RecipientResult.Refused(Step.MAIL, reply));
            }
        }
    }

    private void settleOrAccept(int which, Reply reply) {
        if (results[which] != null) {
            return; // MAIL was refused, so whatever RCPT was answered means nothing
        }
        if (reply.isPositive()) {
            accepted.add(which);
        } else {
            results[which] = new RecipientResult.Refused(Step.RCPT, reply);
        }
    }

    private void sendByData() throws IOException {
        exchange.say(CommandWriter.data());
        hearEnvelope();
        step = Step.DATA;
        Reply reply = hear(terms.settings().timeouts().dataStart());
        if (accepted.isEmpty()) {
            if (reply.isIntermediate()) { // RFC 2920 §3.1: it must be ended all the same
                exchange.ask(LONE_DOT, terms.settings().timeouts().dataEnd());
            }
            reset();
        } else if (reply.isIntermediate()) {
            sendDotted();
        } else if (reply.isPositive()) {
            throw new ProtocolException(reply.code() + " in reply to DATA");
        } else {
            settle(new RecipientResult.Refused(Step.DATA, reply));
            reset();
        }
    }

    private void sendDotted() throws IOException {
        step = Step.CONTENT;
        try (ContentStream content = ContentStream.open(transmission)) {
            try {
                writer().sendDotted(content);
            } finally {
                contentSent = content.ended();
            }
        }
        noteContent();
        hearEnd();
    }

    private boolean isLmtp() {
        return terms.protocol() == Dialect.Protocol.LMTP;
    }

    /// Hears what became of a content that was sent to its end.
    ///
    /// @return whether the transaction is over, for one recipient at least
    private boolean hearEnd() throws IOException {
        boolean over = false;
        if (isLmtp()) { // RFC 2033 §4.2: a reply for each accepted recipient
            for (int i : accepted) {
                Reply reply = hear(terms.settings().timeouts().dataEnd());
                results[i] = last(reply);
                over |= reply.isPositive();
            }
        } else {
            Reply reply = hear(terms.settings().timeouts().dataEnd());
            settle(last(reply));
            over = reply.isPositive();
        }
        return over;
    }

    /// Sends MAIL, RCPT and the message in one flight. Where nobody was accepted the server refuses the chunk after
    /// having swallowed it.
    private void sendWithEnvelope() throws IOException {
        step = Step.CONTENT;
        exchange.say(CommandWriter.bdat(transmission.size(), true));
        try (ContentStream content = ContentStream.open(transmission)) {
            try {
                sendCounted(content, transmission.size());
            } finally {
                contentSent = content.ended();
            }
        }
        noteContent();
        hearEnvelope();
        step = Step.CONTENT;
        if (accepted.isEmpty()) {
            hear(terms.settings().timeouts().dataEnd());
            reset();
        } else {
            resetUnless(hearEnd());
        }
    }

    /// Sends octets as a chunk or a part of one.
    private void sendCounted(InputStream octets, long length) throws IOException {
        if (fitness.isBinary()) {
            writer().sendBinary(octets, length);
        } else {
            writer().sendCounted(octets, length);
        }
    }

    /// Sends the message in chunks, some of them ahead of the replies if the server pipelines.
    private void sendInChunks() throws IOException {
        step = Step.CONTENT;
        // by LMTP one at a time, since a last chunk that is refused may have one reply or many
        int ahead = terms.capabilities().has(Extension.PIPELINING) && !isLmtp() ? CHUNKS : 1;
        byte[] buffer = new byte[terms.settings().chunk()];
        int outstanding = 0;
        int held = 0;
        boolean end = false;
        try (ContentStream content = ContentStream.open(transmission)) {
            while (!end) {
                int filled = held + content.readNBytes(buffer, held, buffer.length - held);
                end = filled < buffer.length;
                // a line end is never cut in two, since each chunk is looked through for bare CR
                int length = !end && buffer[filled - 1] == '\r' ? filled - 1 : filled;
                exchange.say(CommandWriter.bdat(length, end));
                contentSent = end;
                sendCounted(new ByteArrayInputStream(buffer, 0, length), length);
                exchange.flush();
                outstanding++;
                if (!awaited.isEmpty() && isNobodyAccepted()) {
                    return;
                }
                held = filled - length;
                Arrays.fill(buffer, 0, held, (byte) '\r');
                while (!end && outstanding >= ahead) {
                    outstanding--;
                    if (isRefused(hearChunk(), outstanding)) {
                        return;
                    }
                }
            }
        }
        noteContent();
        while (outstanding > 1) {
            outstanding--;
            if (isRefused(hearChunk(), outstanding)) {
                return;
            }
        }
        resetUnless(hearEnd());
    }

    /// Hears the replies to the envelope behind which a first chunk went out. Where nobody was accepted the server
    /// refuses that chunk, and no other follows.
    private boolean isNobodyAccepted() throws IOException {
        hearAwaited();
        if (accepted.isEmpty()) {
            hearChunk();
            reset();
            return true;
        }
        step = Step.CONTENT;
        return false;
    }

    private Reply hearChunk() throws IOException {
        return hear(terms.settings().timeouts().dataEnd());
    }

    /// Whether a chunk before the last was refused; then nothing came of the message, and the replies to the chunks
    /// behind it are heard and forgotten (RFC 3030 §2).
    private boolean isRefused(Reply reply, int outstanding) throws IOException {
        if (reply.isPositive()) {
            return false;
        }
        contentSent = false;
        settle(last(reply));
        for (int i = 0; i < outstanding; i++) {
            hearChunk();
        }
        reset();
        return true;
    }

    private static RecipientResult last(Reply reply) throws ProtocolException {
        if (reply.isIntermediate()) {
            throw new ProtocolException(reply.code() + " in reply to " + Step.CONTENT.words());
        }
        return reply.isPositive() ? new RecipientResult.Taken(reply) : new RecipientResult.Refused(Step.CONTENT, reply);
    }

    private ContentWriter writer() {
        return new ContentWriter(
                exchange.connection(), terms.settings().timeouts().block(), whole);
    }

    private void noteContent() {
        exchange.dialogue().noted(transmission.size() + " octets of content");
    }

    private Reply hear(Duration limit) throws IOException {
        Reply reply = exchange.hear(Deadline.after(limit).orSooner(whole));
        heard = true;
        return reply;
    }

    /// Ends a transaction that came to nothing, so that the next can begin; what was settled stays.
    private void reset() {
        if (!mailTaken || mailRefused) {
            return; // none has begun
        }
        try {
            clean = exchange.ask(
                            CommandWriter.rset(), terms.settings().timeouts().hello())
                    .isPositive();
        } catch (IOException e) {
            exchange.dialogue().noted("lost at RSET: " + Words.of(e));
            clean = false;
        }
    }

    private void resetUnless(boolean over) {
        if (!over) {
            reset();
        }
    }

    /// A server that closes in the midst of what we write may have said why.
    private void hearLastWords() {
        Connection connection = exchange.connection();
        try {
            if (step == Step.CONTENT && connection.readable()) {
                Deadline soon = Deadline.after(LAST_WORDS);
                while (!awaited.isEmpty()) {
                    int which = awaited.remove();
                    Reply reply = exchange.hear(soon);
                    if (which != MAIL) {
                        settleOrAccept(which, reply);
                    } else if (!reply.isPositive()) {
                        settle(new RecipientResult.Refused(Step.MAIL, reply));
                    }
                }
                Reply reply = exchange.hear(soon);
                if (reply.isTransient() || reply.isPermanent()) {
                    settle(new RecipientResult.Refused(Step.CONTENT, reply));
                }
            }
        } catch (Exchange.ServerCloses closing) {
            settle(new RecipientResult.Refused(step, closing.reply()));
        } catch (IOException e) {
            exchange.dialogue().noted("no last words: " + Words.of(e));
        }
    }

    private void broken(RecipientResult result) {
        clean = false;
        exchange.dialogue().noted("broken at " + step.words() + ": " + result);
        settle(result);
    }

    private void settle(RecipientResult result) {
        for (int i = 0; i < results.length; i++) {
            if (results[i] == null) {
                results[i] = result;
            }
        }
    }
}
