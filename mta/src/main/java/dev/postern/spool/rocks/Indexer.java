package dev.postern.spool.rocks;

import dev.postern.spool.QueueId;
import dev.postern.spool.QueueIds;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RecordReader.Malformed;
import dev.postern.spool.rocks.Segments.Built;
import dev.postern.spool.rocks.Segments.Claim;
import dev.postern.spool.rocks.Store.Family;
import dev.postern.spool.rocks.Transaction.Change;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// Summarizes messages for the index once they have waited for a minute, on a file thread, beside the work: what is
/// delivered at once costs the index nothing. Begun by the committer, once a second; one round at a time.
final class Indexer {
    /// How long a message waits before it is of interest.
    private static final Duration AGE = Duration.ofMinutes(1);

    private static final int MOST_A_ROUND = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// How long the end is left alone when too few messages were found there.
    private static final long REST_ROUNDS = 30;

    private final Means means;
    private final AtomicBoolean running = new AtomicBoolean();
    private long restsFor;

    /// What the indexer works with and does not own.
    ///
    /// @param messages tells how many messages there are
    record Means(
            OpenStore open,
            TransactionLine line,
            Segments segments,
            FileWork work,
            InstantSource clock,
            QueueIds ids,
            LongSupplier messages) {}

    Indexer(Means means) {
        this.means = means;
    }

    /// Begins a round, unless one is under way.
    void begin() {
        if (means.segments.size() == 0 && means.messages.getAsLong() < Segments.MESSAGES) {
            return;
        }
        if (running.compareAndSet(false, true)) {
            try {
                var _ = means.work.submit(() ->
                        round(QueueId.firstOf(means.clock.instant().minus(AGE)).value()));
            } catch (IOException closed) {
                running.set(false); // the spool ends: the next one goes on
            }
        }
    }

    /// Summarizes everything now, however young, and returns when it is written.
    void finish() throws IOException {
        while (!running.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
        means.work.call(() -> {
            try {
                while (worn(true) || more(means.ids.last() + 1, true)) {
                    // until nothing is left
                }
                return true;
            } catch (SpoolException | InterruptedException notNow) {
                throw new IOException(notNow);
            } finally {
                running.set(false);
            }
        });
    }

    private boolean round(long fresh) {
        try {
            for (int i = 0; i < MOST_A_ROUND && worn(false); i++) {
                restsFor = 0;
            }
            restsFor = Math.max(0, restsFor - 1);
            for (int i = 0; i < MOST_A_ROUND && restsFor == 0; i++) {
                restsFor = more(fresh, false) ? 0 : REST_ROUNDS;
            }
            return true;
        } catch (SpoolException | InterruptedException notNow) {
            return false; // searches read messages meanwhile, and the next round tries again
        } finally {
            running.set(false);
        }
    }

    /// Summarizes segments anew.
    ///
    /// @return whether there was one
    private boolean worn(boolean atOnce) throws SpoolException, InterruptedException {
        List<Long> firsts = means.segments.worn(MOST_A_ROUND, means.messages.getAsLong(), atOnce);
        for (long first : firsts) {
            Claim claim = means.segments.claim(first);
            if (claim != null) {
                put(build(claim, 0));
            }
        }
        return !firsts.isEmpty();
    }

    /// Makes one more segment of what waits, if it is enough for one.
    ///
    /// @return whether there may be more
    private boolean more(long fresh, boolean however) throws SpoolException, InterruptedException {
        Claim claim = means.segments.claimEnd(fresh);
        if (claim == null) {
            return false;
        }
        Built built = build(claim, however ? 1 : Segments.MESSAGES);
        put(built);
        return built != null && built.cut() < claim.until();
    }

    /// The summary of the messages of a claim from its first on; null if they are fewer than `least`.
    private @Nullable Built build(Claim claim, int least) throws SpoolException {
        List<SpooledMessage> messages = new ArrayList<>();
        long cut = means.open.read(store -> read(store, claim, messages));
        if (cut == claim.until() && messages.size() < least) {
            means.segments.giveUp(claim);
            return null;
        }
        return new Built(claim, cut, Summary.of(messages));
    }

    private static long read(Store store, Claim claim, List<SpooledMessage> messages) throws RocksDBException {
        int recipients = 0;
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                RocksIterator rows = store.database().newIterator(store.family(Family.MESSAGE), options)) {
            for (rows.seek(Keys.id(claim.from())); rows.isValid(); rows.next()) {
                QueueId id = Keys.id(rows.key());
                if (id.value() >= claim.until()) {
                    break;
                }
                if (messages.size() == Segments.MESSAGES || recipients >= Segments.RECIPIENTS) {
                    return id.value();
                }
                Optional<SpooledMessage> message = decoded(id, rows.value());
                message.ifPresent(messages::add);
                recipients += message.map(one -> one.recipients().size()).orElse(0);
            }
            rows.status();
        }
        return claim.until();
    }

    /// Empty if the record is damaged: it is set aside by whoever wants it, and no search finds it.
    private static Optional<SpooledMessage> decoded(QueueId id, byte[] record) {
        try {
            return Optional.of(MessageRecord.decode(id, record));
        } catch (Malformed damaged) {
            return Optional.empty();
        }
    }

    private void put(@Nullable Built built) throws SpoolException, InterruptedException {
        if (built == null) {
            return;
        }
        Transaction transaction = new Transaction(List.of(new Change.Summarize(built)), true);
        boolean done = means.line.join(transaction, PATIENCE.toNanos()) == TransactionLine.Entry.JOINED
                && transaction.awaitSettled(PATIENCE.toNanos());
        if (!done) {
            means.segments.giveUp(built.claim());
            throw new SpoolException.TooSlow("the index has to wait");
        }
    }
}
