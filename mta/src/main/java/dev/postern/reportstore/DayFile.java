package dev.postern.reportstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The file of one day's book, `seen-YYYY-MM-DD`: lines are put at its end, and now and then it is written anew.
/// Guarded by the lock of its ledger.
final class DayFile<P, R> {
    private static final String NAME = "seen-";

    /// From this size on a file that has doubled since it was written as a whole is written anew.
    private static final long SMALL = 256 << 10;

    private final Path file;
    private final LedgerForm<P, R> form;
    private final Disk disk;
    private long size;
    private long wholeSize;
    private boolean doubtful;

    DayFile(Path folder, LocalDate day, LedgerForm<P, R> form, Disk disk) {
        this.file = folder.resolve(NAME + day);
        this.form = form;
        this.disk = disk;
    }

    /// The day of a file by its name; empty if it is another's.
    static Optional<LocalDate> day(Path file) {
        String name = file.getFileName().toString();
        try {
            return name.startsWith(NAME)
                    ? Optional.of(LocalDate.parse(name.substring(NAME.length())))
                    : Optional.empty();
        } catch (DateTimeException notDay) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    /// Reads the file into a book. A last line without its end was being written when the server died: it does not
    /// count, and the file is written anew before anything is put behind it.
    ///
    /// @return how many lines could not be read
    static <P, R> int read(Path file, DayBook<P, R> book) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int unread = 0;
        int begin = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
            Optional<LedgerLine<P, R>> line = LedgerLine.parse(book.form(), book.day(), text.substring(begin, end));
            line.ifPresent(book::take);
            unread += line.isPresent() ? 0 : 1;
            begin = end + 1;
        }
        book.taken();
        return unread + (begin < text.length() ? 1 : 0);
    }

    /// Reads the file that was left by an earlier life.
    int read(DayBook<P, R> book) throws IOException {
        int unread = read(file, book);
        size = Files.size(file);
        doubtful = unread > 0;
        return unread;
    }

    /// Whether the file must be written as a whole: nobody knows how the last change ended, or most of it is of no
    /// more use.
    boolean isWorn() {
        return doubtful || size > SMALL + 2 * wholeSize;
    }

    /// Puts lines at the end.
    void append(List<LedgerLine<P, R>> lines) throws IOException {
        byte[] octets = octets(lines);
        doubtful = true; // until it is known to be there
        disk.append(file, octets);
        doubtful = false;
        size += octets.length;
    }

    /// Writes the file as a whole.
    void rewrite(List<LedgerLine<P, R>> lines) throws IOException {
        byte[] octets = octets(lines);
        doubtful = true;
        disk.replace(file, octets);
        doubtful = false;
        size = octets.length;
        wholeSize = octets.length;
    }

    void delete() throws IOException {
        disk.delete(file);
    }

    private byte[] octets(List<LedgerLine<P, R>> lines) {
        return lines.stream()
                .map(line -> line.text(form) + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
