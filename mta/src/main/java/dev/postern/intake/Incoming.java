package dev.postern.intake;

import dev.postern.event.Decision;
import dev.postern.forward.OnwardCopies;
import dev.postern.mailauth.results.AuthenticationResults;
import dev.postern.message.HeaderScanner;
import dev.postern.message.Stamps;
import dev.postern.mime.NestingScanner;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.SpoolException;
import dev.postern.wire.ContentScan;
import dev.postern.wire.ContentScanner;
import dev.postern.wire.ContentSink;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A message that is coming in: takes its content, and at the end either has it in the spool to
/// stay or tells why not. Used by one thread. Closing it before {@link #complete} forgets it.
public final class Incoming implements ContentSink, Closeable {
    private final Intake intake;
    private final Arrival arrival;
    private final ContentDraft draft;
    private final ContentScanner octets = new ContentScanner();
    private final HeaderScanner header = new HeaderScanner();
    private final NestingScanner nesting;
    private final HeaderLines headerLines = new HeaderLines();
    private final LineEndRepair repair = new LineEndRepair();

    private final FieldFilter forgedResults;
    private final Stamps stamps = new Stamps();
    private final OnwardCopies onward = new OnwardCopies();
    private boolean held;
    private boolean ended;
    private boolean checked;
    private List<Recipient> loops = List.of();
    private Optional<Reply> unfit = Optional.empty();

    Incoming(Intake intake, Arrival arrival, ContentDraft draft) {
        this.intake = intake;
        this.arrival = arrival;
        this.draft = draft;
        this.nesting = new NestingScanner(intake.settings().limits().nesting());
        String ourselves = intake.settings().hostname().text();
        this.forgedResults =
                new FieldFilter(AuthenticationResults.NAME, field -> AuthenticationResults.claims(field, ourselves));
    }

    @Override
    public void write(byte[] piece, int offset, int length) throws SpoolException {
        if (arrival.treatment().repairLineEnds()) {
            byte[] repaired = repair.repair(piece, offset, length);
            forgedResults.write(repaired, 0, repaired.length, this::keep);
        } else {
            forgedResults.write(piece, offset, length, this::keep);
        }
    }

    private void keep(byte[] piece, int offset, int length) throws SpoolException {
        octets.scan(piece, offset, length);
        header.scan(piece, offset, length);
        nesting.scan(piece, offset, length);
        if (isBinary()) {
            headerLines.scan(piece, offset, length);
        }
        draft.write(piece, offset, length);
    }

    /// Has the message kept where it is, once it is stored, until an operator releases it.
    public void hold() {
        held = true;
    }

    /// Ends the content and checks it: its line ends, its way so far, its header section.
    ///
    /// @return what its sender is told if it may not come in
    public Optional<Reply> end() throws SpoolException {
        if (!ended) {
            finish();
        }
        if (!checked) {
            unfit = check();
            checked = true;
        }
        return unfit;
    }

    private Optional<Reply> check() throws SpoolException {
        ContentScan lines = isBinary() ? headerLines.result() : octets.result();
        if (!lines.clean()) {
            return Optional.of(unclean(lines, isBinary() ? "header" : "content"));
        }
        if (header.beginsAsContinuation()) {
            return Optional.of(Reply.of(
                    550,
                    "5.6.0",
                    "the first line begins with white space, so it would become part of the field that is put above it"
                            + " (RFC 5322 section 2.2.3)"));
        }
        MessageLimits limits = intake.settings().limits();
        if (header.received() > limits.received()) {
            return Optional.of(Reply.of(
                    554, "5.4.6", "this message has passed " + header.received() + " servers, it is in a loop"));
        }
        if (header.fields() > limits.fields()) {
            return Optional.of(Reply.of(554, "5.6.0", "the header has more than " + limits.fields() + " fields"));
        }
        if (header.octets() > limits.headerOctets()) {
            return Optional.of(Reply.of(552, "5.3.4", "the header has more than " + limits.headerOctets() + " octets"));
        }
        if (nesting.tooDeep()) {
            return Optional.of(
                    Reply.of(554, "5.6.0", "parts lie more than " + limits.nesting() + " levels within each other"));
        }
        loops = intake.loops(arrival, draft.content());
        if (loops.size() == arrival.envelope().recipients().size()) {
            return Optional.of(new Reply(554, Optional.of(ForwardLoops.LOOP), List.of(ForwardLoops.WHY)));
        }
        return Optional.empty();
    }

    private void finish() throws SpoolException {
        if (arrival.treatment().repairLineEnds()) {
            byte[] rest = repair.finish();
            forgedResults.write(rest, 0, rest.length, this::keep);
        }
        forgedResults.finish(this::keep);
        if (arrival.treatment().completeHeader()) {
            stamps.add(intake.completion(arrival.id(), header));
        }
        ended = true;
    }

    /// The content as it will be stored, without the fields that go on top; it has been ended.
    public Content content() throws SpoolException {
        if (!ended) {
            throw new IllegalStateException("content that is still coming in");
        }
        return draft.content();
    }

    /// The fields that go on top of the message, below our Received field: Date and Message-ID where they were
    /// missing
    /// and may be added, and whatever is added here before {@link #complete}.
    public Stamps stamps() {
        return stamps;
    }

    /// What becomes of the copies that aliases lead to other servers, to be decided before {@link #complete}.
    public OnwardCopies onward() {
        return onward;
    }

    /// Puts the trace fields on top of a content that was ended and checked, and commits it.
    ///
    /// @param decisions what policy decided on its way, kept with the message
    /// @throws SpoolException if the spool cannot take it; then nothing of it is there
    public IntakeResult complete(List<Decision> decisions) throws SpoolException {
        Optional<Reply> refusal = end();
        if (refusal.isPresent()) {
            return new IntakeResult.Refused(refusal.get());
        }
        ContentScan scan = octets.result();
        ContentTraits traits = new ContentTraits(
                draft.size(),
                scan.eightBit(),
                header.eightBit(),
                isBinary() && needsBinary(scan),
                scan.longestLine(),
                header.tlsOptional());
        List<Decision> all = new ArrayList<>(decisions);
        if (!forgedResults.removed().isEmpty()) {
            all.add(intake.removed(forgedResults.removed()));
        }
        return intake.take(arrival, new Checked(draft, traits, stamps.text(), onward.onward(), held), loops, all);
    }

    /// Whether the sender declared that the content may be anything.
    private boolean isBinary() {
        return arrival.envelope().parameters().body() == BodyType.BINARY_MIME;
    }

    /// Whether a content that was declared to be anything is no lines indeed: as lines it would not stay what it is.
    static boolean needsBinary(ContentScan scan) {
        return !scan.clean() || !scan.endsLine() || scan.longestLine() > ContentTraits.LINE;
    }

    private static Reply unclean(ContentScan scan, String where) {
        String what = scan.nul() > 0
                ? "a NUL octet"
                : scan.bareLf() > 0 ? "a line feed without carriage return" : "a carriage return without line feed";
        return Reply.of(
                550, "5.6.0", "the " + where + " holds " + what + ", which no mail may (RFC 5321 section 2.3.8)");
    }

    @Override
    public void close() {
        draft.close();
    }
}
