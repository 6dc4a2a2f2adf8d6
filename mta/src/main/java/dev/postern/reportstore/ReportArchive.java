package dev.postern.reportstore;

import dev.postern.crypto.Sha256;
import dev.postern.feedback.Finding;
import dev.postern.feedback.ReportReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// The reports that others have sent us, a file each, as they came. Used by all threads; its lock guards the list of
/// files and is held while one is written.
///
/// A file is named `TIME-NAME.report`, the time in milliseconds since 1970, the name made of what the report claims to
/// be: the same report is not kept twice.
public final class ReportArchive {
    private static final String END = ".report";
    private static final int NAME_OCTETS = 16;
    private static final int TIME_DIGITS = 14;

    private final Path folder;
    private final ArchiveBounds bounds;
    private final InstantSource clock;
    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> sizes = new TreeMap<>();
    private final Set<String> names = new HashSet<>();
    private long octets;

    private ReportArchive(Path folder, ArchiveBounds bounds, InstantSource clock, Disk disk) {
        this.folder = folder;
        this.bounds = bounds;
        this.clock = clock;
        this.disk = disk;
    }

    /// Opens the archive in a folder, which is made where it is not there.
    public static ReportArchive open(Path folder, ArchiveBounds bounds, InstantSource clock) throws IOException {
        return open(folder, bounds, clock, Disk.real());
    }

    static ReportArchive open(Path folder, ArchiveBounds bounds, InstantSource clock, Disk disk) throws IOException {
        Disk.makeFolder(folder);
        ReportArchive archive = new ReportArchive(folder, bounds, clock, disk);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(END)) {
                    archive.know(name, Files.size(file));
                } else if (name.endsWith(Disk.UNFINISHED)) {
                    disk.delete(file);
                }
            }
        }
        return archive;
    }

    private void know(String file, long size) {
        sizes.put(file, size);
        names.add(nameIn(file));
        octets += size;
    }

    private static String nameIn(String file) {
        return file.substring(Math.min(file.length(), TIME_DIGITS + 1));
    }

    /// Keeps a report; it is on disk when this returns.
    ///
    /// @param message the octets of the message, header and body
    /// @return whether it is new
    public boolean keep(ArchivedReport report, ReportClaim claim, byte[] message) throws IOException {
        String key = claim.reportId().isEmpty() ? report.id().toString() : claim.key(report.author());
        String name = Sha256.name(key, NAME_OCTETS) + END;
        lock.lock();
        try {
            if (names.contains(name)) {
                return false;
            }
            String file =
                    String.format("%0" + TIME_DIGITS + "d-%s", report.received().toEpochMilli(), name);
            byte[] all = ArchiveFile.write(report, message);
            disk.replace(folder.resolve(file), all);
            know(file, all.length);
            drop();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Removes the oldest until all bounds are kept; the newest always stays.
    private void drop() throws IOException {
        String oldest = String.format(
                "%0" + TIME_DIGITS + "d", clock.instant().minus(bounds.age()).toEpochMilli());
        Iterator<Map.Entry<String, Long>> all = sizes.entrySet().iterator();
        while (sizes.size() > 1 && all.hasNext()) {
            Map.Entry<String, Long> first = all.next();
            boolean room = sizes.size() <= bounds.reports() && octets <= bounds.octets();
            if (room && first.getKey().compareTo(oldest) >= 0) {
                return;
            }
            disk.delete(folder.resolve(first.getKey()));
            octets -= first.getValue();
            names.remove(nameIn(first.getKey()));
            all.remove();
        }
    }

    /// What an archive is told to.
    @FunctionalInterface
    public interface Visitor {
        /// One report: how it came, and what it is.
        void visit(ArchivedReport report, Finding finding) throws IOException;
    }

    /// Reads the reports in a folder, the oldest first; also while a server runs, or none has ever run.
    ///
    /// @param since those that came before are left out
    /// @return the names of files that could not be understood
    public static List<String> read(Path folder, Instant since, ReportReader reader, Visitor visitor)
            throws IOException {
        List<String> strange = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return strange;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(END))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                Optional<ArchivedReport> report = ArchiveFile.read(in);
                if (report.isEmpty()) {
                    strange.add(file.getFileName().toString());
                } else if (!report.get().received().isBefore(since)) {
                    visitor.visit(report.get(), reader.read(in));
                }
            } catch (NoSuchFileException goneMeanwhile) {
                // the server has made room since the files were listed
            }
        }
        return strange;
    }
}
