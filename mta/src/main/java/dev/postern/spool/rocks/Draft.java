package dev.postern.spool.rocks;

import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A content on its way in. It begins in a small array of its own, grows into the memory that all
/// drafts share, and goes to a file when it outgrows the threshold or that memory; from then on it
/// takes its own small array only. Used by one thread.
final class Draft implements ContentDraft {
    private static final int FIRST = 4 * 1024;
    private static final int OWN = 16 * 1024;

    private final QueueId id;
    private final RocksSpool spool;
    private final ContentFiles files;
    private final DraftMemory memory;
    private final long threshold;

    private Stage stage = Stage.WRITING;
    private byte[] octets = new byte[FIRST];
    private int filled;
    private long size;
    private long shared;
    private ContentFiles.@Nullable Writing file;

    private enum Stage {
        WRITING,
        WRITTEN,
        FAILED,
        COMMITTED,
        CLOSED
    }

    Draft(QueueId id, RocksSpool spool, ContentFiles files, DraftMemory memory, long threshold) {
        this.id = id;
        this.spool = spool;
        this.files = files;
        this.memory = memory;
        this.threshold = threshold;
    }

    @Override
    public QueueId id() {
        return id;
    }

    RocksSpool spool() {
        return spool;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws SpoolException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (stage != Stage.WRITING) {
            throw new IllegalStateException("the draft " + id + " takes no more");
        }
        stage = Stage.FAILED; // unless this goes well
        take(source, offset, length);
        stage = Stage.WRITING;
        size += length;
    }

    private void take(byte[] source, int offset, int length) throws SpoolException {
        if (file == null && (size + length > threshold || !grow(filled + length))) {
            spill();
        }
        ContentFiles.Writing to = file;
        if (to == null || filled + length <= octets.length) {
            System.arraycopy(source, offset, octets, filled, length);
            filled += length;
        } else {
            spool.demandRoom();
            flush(to);
            if (length >= octets.length) {
                to.write(source, offset, length);
            } else {
                System.arraycopy(source, offset, octets, 0, length);
                filled = length;
            }
        }
    }

    /// Makes room in the array; no if the shared memory is used up.
    private boolean grow(int needed) {
        if (needed <= octets.length) {
            return true;
        }
        int length = (int) Math.max(needed, Math.min(threshold, 2L * octets.length));
        long more = Math.max(0, length - OWN) - shared;
        if (!memory.take(more)) {
            return false;
        }
        shared += more;
        octets = Arrays.copyOf(octets, length);
        return true;
    }

    private void spill() throws SpoolException {
        spool.demandRoom();
        ContentFiles.Writing begun = files.begin(id);
        file = begun;
        flush(begun);
        octets = new byte[OWN];
        giveBack();
    }

    private void flush(ContentFiles.Writing to) throws SpoolException {
        if (filled > 0) {
            to.write(octets, 0, filled);
            filled = 0;
        }
    }

    private void giveBack() {
        memory.give(shared);
        shared = 0;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Content content() throws SpoolException {
        end();
        return file == null ? new ArrayContent(octets) : file.content();
    }

    private void end() throws SpoolException {
        if (stage == Stage.WRITING) {
            if (file != null) {
                stage = Stage.FAILED; // unless this goes well
                flush(file);
                octets = new byte[0];
            } else if (filled < octets.length) {
                octets = Arrays.copyOf(octets, filled);
            }
            stage = Stage.WRITTEN;
        }
        if (stage == Stage.CLOSED || stage == Stage.FAILED) {
            throw new IllegalStateException("the draft " + id + " is closed or has failed");
        }
    }

    /// Checks that it can become the content of a message.
    ///
    /// @throws IllegalStateException if it is of another id, or used up
    void demandUsableFor(QueueId message) {
        if (!id.equals(message)) {
            throw new IllegalStateException("the draft " + id + " is not of message " + message);
        }
        if (stage != Stage.WRITING && stage != Stage.WRITTEN) {
            throw new IllegalStateException("the draft " + id + " has failed, or has been closed or committed");
        }
    }

    /// Ends writing and brings the file, if there is one, to the disk.
    ///
    /// @return the change that makes it the content of a message
    Transaction.Change insert(SpooledMessage message) throws SpoolException {
        end();
        return file == null
                ? new Transaction.Change.InsertSmall(id, MessageRecord.encode(message, false), octets)
                : new Transaction.Change.InsertLarge(id, MessageRecord.encode(message, true), file.sync());
    }

    /// It is the content of a message now.
    void committed() {
        stage = Stage.COMMITTED;
        giveBack();
    }

    @Override
    public void close() {
        if (stage != Stage.COMMITTED && stage != Stage.CLOSED) {
            stage = Stage.CLOSED;
            octets = new byte[0];
            giveBack();
            if (file != null) {
                file.forget();
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // neither compared nor changed
    private record ArrayContent(byte[] octets) implements Content {
        @Override
        public long size() {
            return octets.length;
        }

        @Override
        public InputStream open() throws IOException {
            return new ByteArrayInputStream(octets);
        }
    }
}
