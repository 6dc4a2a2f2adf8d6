package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Counts what is seen on each UTC day by the domain whose policy it is about, until it is reported. Used by all
/// threads.
///
/// What is counted stands in memory, and after each {@link #flush} also in a file for each day; a crash loses what was
/// counted since then, and nothing of what was settled. Two locks: `files` is held while a file is written, `counts`
/// while books are read or changed, never for long, so that nobody who counts waits for the disk. Who needs both takes
/// `files` first.
///
/// @param <P> what is known of a domain itself
/// @param <R> a row of what was seen of it
public final class ObservationLedger<P, R> {
    private final LedgerForm<P, R> form;
    private final Place place;
    private final ReentrantLock files = new ReentrantLock();
    private final ReentrantLock counts = new ReentrantLock();
    private final Map<LocalDate, DayBook<P, R>> books = new TreeMap<>();
    private final Map<LocalDate, DayFile<P, R>> written = new TreeMap<>();
    private int rows;
    private long uncounted;
    private int unread;

    /// Where a ledger is, and what it may take.
    private record Place(Path folder, LedgerBounds bounds, InstantSource clock, Disk disk) {}

    private ObservationLedger(LedgerForm<P, R> form, Place place) {
        this.form = form;
        this.place = place;
    }

    /// Opens the ledger in a folder, which is made where it is not there.
    public static <P, R> ObservationLedger<P, R> open(
            LedgerForm<P, R> form, Path folder, LedgerBounds bounds, InstantSource clock) throws IOException {
        return open(form, folder, bounds, clock, Disk.real());
    }

    static <P, R> ObservationLedger<P, R> open(
            LedgerForm<P, R> form, Path folder, LedgerBounds bounds, InstantSource clock, Disk disk)
            throws IOException {
        Disk.makeFolder(folder);
        ObservationLedger<P, R> ledger = new ObservationLedger<>(form, new Place(folder, bounds, clock, disk));
        ledger.read();
        return ledger;
    }

    private void read() throws IOException {
        for (Path file : files(place.folder())) {
            Optional<LocalDate> day = DayFile.day(file);
            if (day.isPresent()) {
                DayBook<P, R> book = new DayBook<>(day.get(), form);
                DayFile<P, R> dayFile = file(day.get());
                unread += dayFile.read(book);
                books.put(day.get(), book);
                written.put(day.get(), dayFile);
                rows += book.rows();
            } else if (file.getFileName().toString().endsWith(Disk.UNFINISHED)) {
                place.disk().delete(file);
            }
        }
    }

    private DayFile<P, R> file(LocalDate day) {
        return new DayFile<>(place.folder(), day, form, place.disk());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /// What became of the days that are remembered, the oldest first; for who only looks, also while a server runs.
    public static <P, R> List<Settlement> settlements(LedgerForm<P, R> form, Path folder) throws IOException {
        List<Settlement> settlements = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            for (Path file : files(folder)) {
                Optional<LocalDate> day = DayFile.day(file);
                if (day.isPresent()) {
                    DayBook<P, R> book = new DayBook<>(day.get(), form);
                    DayFile.read(file, book);
                    settlements.addAll(book.settlements());
                }
            }
        }
        return settlements;
    }

    /// How many lines of the files could not be read, and so do not count.
    public int unread() {
        return unread;
    }

    /// How much stands nowhere, since there were too many domains.
    public long uncounted() {
        counts.lock();
        try {
            return uncounted;
        } finally {
            counts.unlock();
        }
    }

    /// Counts. Returns at once.
    public void observe(Observation<P, R> seen) {
        LocalDate today = LocalDate.ofInstant(place.clock().instant(), ZoneOffset.UTC);
        R row = seen.row();
        counts.lock();
        try {
            Optional<DomainBook<P, R>> book = books.computeIfAbsent(today, day -> new DayBook<>(day, form))
                    .book(seen, place.bounds().domains());
            if (book.isEmpty()) {
                uncounted += form.count(row);
                return;
            }
            book.get().use(seen.about());
            if (!put(book.get(), row)) {
                book.get().addBeyond(form.count(row));
            }
        } finally {
            counts.unlock();
        }
    }

    /// Counts in the row of its kind, or in a coarser one, if there is one or room for one.
    private boolean put(DomainBook<P, R> book, R row) {
        boolean room = rows < place.bounds().rows();
        boolean fits = book.has(row) || (room && book.size() < place.bounds().rowsOfDomain());
        Optional<R> taken = fits ? Optional.of(row) : form.coarse(row);
        boolean known = taken.isPresent() && book.has(taken.get());
        if (taken.isEmpty() || (!known && !room)) {
            return false;
        }
        rows += known ? 0 : 1;
        book.add(taken.get());
        return true;
    }

    /// Brings what was counted to the disk.
    public void flush() throws IOException {
        files.lock();
        try {
            for (LocalDate day : days()) {
                save(day);
            }
        } finally {
            files.unlock();
        }
    }

    /// Writes what is new of a day, or all of it where the file is worn.
    private void save(LocalDate day) throws IOException {
        DayFile<P, R> file = written.computeIfAbsent(day, this::file);
        boolean whole = file.isWorn();
        List<LedgerLine<P, R>> lines = lines(day, whole);
        if (whole) {
            file.rewrite(lines);
        } else if (!lines.isEmpty()) {
            file.append(lines);
        }
    }

    private List<LedgerLine<P, R>> lines(LocalDate day, boolean whole) {
        counts.lock();
        try {
            DayBook<P, R> book = books.computeIfAbsent(day, date -> new DayBook<>(date, form));
            return whole ? book.all() : book.unsaved();
        } finally {
            counts.unlock();
        }
    }

    /// The days that anything is known of, the oldest first.
    public List<LocalDate> days() {
        counts.lock();
        try {
            return List.copyOf(books.keySet());
        } finally {
            counts.unlock();
        }
    }

    /// The domains of a day that are not settled.
    public List<DomainName> open(LocalDate day) {
        counts.lock();
        try {
            DayBook<P, R> book = books.get(day);
            return book == null ? List.of() : List.copyOf(book.domains().keySet());
        } finally {
            counts.unlock();
        }
    }

    /// What was seen of a domain on a day and is not settled.
    public Optional<DaySummary<P, R>> summary(LocalDate day, DomainName domain) {
        counts.lock();
        try {
            return Optional.ofNullable(books.get(day)).flatMap(book -> book.summary(domain));
        } finally {
            counts.unlock();
        }
    }

    /// Settles a summary, so that it is never told again; what was counted since it was made stays open. On disk when
    /// this returns.
    public void settle(DaySummary<P, R> summary, Settlement settlement) throws IOException {
        files.lock();
        try {
            DayFile<P, R> file = written.computeIfAbsent(summary.day(), this::file);
            List<LedgerLine<P, R>> lines = settleInMemory(summary, settlement);
            if (file.isWorn()) {
                file.rewrite(lines(summary.day(), true));
            } else {
                file.append(lines);
            }
        } finally {
            files.unlock();
        }
    }

    private List<LedgerLine<P, R>> settleInMemory(DaySummary<P, R> summary, Settlement settlement) {
        counts.lock();
        try {
            DayBook<P, R> book = books.computeIfAbsent(summary.day(), date -> new DayBook<>(date, form));
            int before = book.rows(summary.domain());
            List<LedgerLine<P, R>> lines = book.settle(summary, settlement);
            rows -= before - book.rows(summary.domain());
            return lines;
        } finally {
            counts.unlock();
        }
    }

    /// Forgets what nobody wants to know of a domain, without remembering that; after a crash it may be there again.
    public void discard(LocalDate day, DomainName domain) {
        counts.lock();
        try {
            DayBook<P, R> book = books.get(day);
            if (book != null) {
                rows -= book.rows(domain);
                book.discard(domain);
            }
        } finally {
            counts.unlock();
        }
    }

    /// Forgets the days that have been remembered long enough, whether settled or not.
    public void forget() throws IOException {
        LocalDate oldest = LocalDate.ofInstant(place.clock().instant(), ZoneOffset.UTC)
                .minusDays(place.bounds().days());
        files.lock();
        try {
            for (LocalDate day : days()) {
                if (day.isBefore(oldest)) {
                    DayFile<P, R> file = written.remove(day);
                    if (file != null) {
                        file.delete();
                    }
                    forget(day);
                }
            }
        } finally {
            files.unlock();
        }
    }

    private void forget(LocalDate day) {
        counts.lock();
        try {
            DayBook<P, R> book = books.remove(day);
            rows -= book == null ? 0 : book.rows();
        } finally {
            counts.unlock();
        }
    }

    /// The end of a settlement that covers a day up to now: its last second, or now where the day is not over.
    ///
    /// @param now the present
    public static Instant until(LocalDate day, Instant now) {
        Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return now.isBefore(end) ? now : end;
    }
}
