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

/// Counts the messages of each UTC day by the domain whose policy they were judged by, until they are reported. Used
/// by all threads.
///
/// What is counted stands in memory, and after each {@link #flush} also in a file for each day; a crash loses what was
/// counted since then, and nothing of what was settled. Two locks: `files` is held while a file is written, `counts`
/// while books are read or changed, never for long, so that nobody who counts waits for the disk. Who needs both takes
/// `files` first.
public final class ObservationLedger {
    private final Path folder;
    private final LedgerBounds bounds;
    private final InstantSource clock;
    private final Disk disk;
    private final ReentrantLock files = new ReentrantLock();
    private final ReentrantLock counts = new ReentrantLock();
    private final Map<LocalDate, DayBook> books = new TreeMap<>();
    private final Map<LocalDate, DayFile> written = new TreeMap<>();
    private int rows;
    private long uncounted;
    private int unread;

    private ObservationLedger(Path folder, LedgerBounds bounds, InstantSource clock, Disk disk) {
        this.folder = folder;
        this.bounds = bounds;
        this.clock = clock;
        this.disk = disk;
    }

    /// Opens the ledger in a folder, which is made where it is not there.
    public static ObservationLedger open(Path folder, LedgerBounds bounds, InstantSource clock) throws IOException {
        return open(folder, bounds, clock, Disk.real());
    }

    static ObservationLedger open(Path folder, LedgerBounds bounds, InstantSource clock, Disk disk) throws IOException {
        Disk.makeFolder(folder);
        ObservationLedger ledger = new ObservationLedger(folder, bounds, clock, disk);
        ledger.read();
        return ledger;
    }

    private void read() throws IOException {
        for (Path file : files(folder)) {
            Optional<LocalDate> day = DayFile.day(file);
            if (day.isPresent()) {
                DayBook book = new DayBook(day.get());
                DayFile dayFile = new DayFile(folder, day.get(), disk);
                unread += dayFile.read(book);
                books.put(day.get(), book);
                written.put(day.get(), dayFile);
                rows += book.rows();
            } else if (file.getFileName().toString().endsWith(Disk.UNFINISHED)) {
                disk.delete(file);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /// What became of the days that are remembered, the oldest first; for who only looks, also while a server runs.
    public static List<Settlement> settlements(Path folder) throws IOException {
        List<Settlement> settlements = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            for (Path file : files(folder)) {
                Optional<LocalDate> day = DayFile.day(file);
                if (day.isPresent()) {
                    DayBook book = new DayBook(day.get());
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

    /// How many messages stand nowhere, since there were too many domains.
    public long uncounted() {
        counts.lock();
        try {
            return uncounted;
        } finally {
            counts.unlock();
        }
    }

    /// Counts. Returns at once.
    public void observe(Observation seen) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        counts.lock();
        try {
            DayBook day = books.computeIfAbsent(today, DayBook::new);
            DomainBook book = day.domains().get(seen.domain());
            if (book == null && day.domains().size() >= bounds.domains()) {
                uncounted += seen.row().count();
                return;
            }
            if (book == null) {
                book = new DomainBook(seen.domain(), seen.record());
                day.domains().put(seen.domain(), book);
            }
            book.use(seen.record());
            if (book.has(seen.row())) {
                book.add(seen.row());
            } else if (book.size() < bounds.rowsOfDomain() && rows < bounds.rows()) {
                book.add(seen.row());
                rows++;
            } else {
                book.addBeyond(seen.row().count());
            }
        } finally {
            counts.unlock();
        }
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
        DayFile file = written.computeIfAbsent(day, date -> new DayFile(folder, date, disk));
        boolean whole = file.isWorn();
        List<LedgerLine> lines = lines(day, whole);
        if (whole) {
            file.rewrite(lines);
        } else if (!lines.isEmpty()) {
            file.append(lines);
        }
    }

    private List<LedgerLine> lines(LocalDate day, boolean whole) {
        counts.lock();
        try {
            DayBook book = books.computeIfAbsent(day, DayBook::new);
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
            DayBook book = books.get(day);
            return book == null ? List.of() : List.copyOf(book.domains().keySet());
        } finally {
            counts.unlock();
        }
    }

    /// What was seen of a domain on a day and is not settled.
    public Optional<DaySummary> summary(LocalDate day, DomainName domain) {
        counts.lock();
        try {
            return Optional.ofNullable(books.get(day))
                    .flatMap(book -> Optional.ofNullable(book.domains().get(domain))
                            .map(seen -> new DaySummary(
                                    day, domain, seen.record(), book.begin(domain), seen.rows(), seen.beyond())));
        } finally {
            counts.unlock();
        }
    }

    /// Settles a summary, so that it is never told again; what was counted since it was made stays open. On disk when
    /// this returns.
    public void settle(DaySummary summary, Settlement settlement) throws IOException {
        files.lock();
        try {
            DayFile file = written.computeIfAbsent(summary.day(), date -> new DayFile(folder, date, disk));
            List<LedgerLine> lines = settleInMemory(summary, settlement);
            if (file.isWorn()) {
                file.rewrite(lines(summary.day(), true));
            } else {
                file.append(lines);
            }
        } finally {
            files.unlock();
        }
    }

    private List<LedgerLine> settleInMemory(DaySummary summary, Settlement settlement) {
        counts.lock();
        try {
            DayBook book = books.computeIfAbsent(summary.day(), DayBook::new);
            book.settlements().add(settlement);
            List<LedgerLine> lines = new ArrayList<>();
            lines.add(new LedgerLine.Settled(settlement));
            DomainBook domain = book.domains().get(summary.domain());
            if (domain != null) {
                int before = domain.size();
                domain.subtract(summary);
                rows -= before - domain.size();
                if (domain.isEmpty()) {
                    book.domains().remove(summary.domain());
                } else {
                    lines.addAll(domain.all());
                }
            }
            return lines;
        } finally {
            counts.unlock();
        }
    }

    /// Forgets the days that have been remembered long enough, whether settled or not.
    public void forget() throws IOException {
        LocalDate oldest = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(bounds.days());
        files.lock();
        try {
            for (LocalDate day : days()) {
                if (day.isBefore(oldest)) {
                    DayFile file = written.remove(day);
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
            DayBook book = books.remove(day);
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
