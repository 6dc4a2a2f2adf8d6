package dev.postern.feedback;

import dev.postern.mime.MimeEntity;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/// A file that may be a report: XML or JSON, as it is, in gzip, or in a zip archive.
///
/// What it is, its first octets say; its type and its name say only whether it is looked at at all,
/// since reporters name all kinds of them.
///
/// @rfc 9990 §3.5.2
/// @rfc 8460 §5.3
final class Attachment {
    private static final Set<String> TYPES = Set.of(
            "application/gzip",
            "application/x-gzip",
            "application/x-gzip-compressed",
            "application/gzip-compressed",
            "application/zip",
            "application/x-zip",
            "application/x-zip-compressed",
            "application/octet-stream",
            "application/xml",
            "text/xml",
            "application/json",
            "application/tlsrpt+gzip",
            "application/tlsrpt+json");

    private static final List<String> ENDINGS = List.of(".xml", ".json", ".gz", ".zip");

    private static final int SNIFFED = 64;
    private static final int PIECE = 8192;

    private final ReportLimits limits;

    Attachment(ReportLimits limits) {
        this.limits = limits;
    }

    /// Whether a part of a message may be such a file.
    static boolean isOne(MimeEntity part) {
        return TYPES.contains(part.type().toString())
                || part.fileName()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .filter(name -> ENDINGS.stream().anyMatch(name::endsWith))
                        .isPresent();
    }

    /// The kinds of files.
    private enum Kind {
        ZIP,
        GZIP,
        XML,
        JSON,
        OTHER;

        static Kind of(byte[] begin) {
            String octets = new String(begin, StandardCharsets.ISO_8859_1);
            if (octets.startsWith("PK")) {
                return ZIP;
            }
            if (octets.startsWith("\u001F\u008B")) {
                return GZIP;
            }
            // the byte order mark of UTF-8 may stand before the text
            String text = (octets.startsWith("\u00EF\u00BB\u00BF") ? octets.substring(3) : octets).stripLeading();
            return text.startsWith("<") ? XML : text.startsWith("{") ? JSON : OTHER;
        }
    }

    /// What a file is.
    ///
    /// @param file its octets; the caller closes it
    Finding read(InputStream file) throws IOException {
        PushbackInputStream begin = new PushbackInputStream(file, SNIFFED);
        try {
            return switch (kind(begin)) {
                case ZIP -> zip(begin);
                case GZIP -> gzip(begin);
                case XML -> AggregateXml.read(begin, limits);
                case JSON -> TlsJson.read(begin, limits);
                case OTHER -> new Finding.NoReport("the attachment is neither XML nor JSON nor an archive");
            };
        } catch (BrokenReportException broken) {
            return broken.finding();
        }
    }

    private static Kind kind(PushbackInputStream file) throws IOException {
        byte[] begin = file.readNBytes(SNIFFED);
        file.unread(begin);
        return Kind.of(begin);
    }

    private Finding gzip(InputStream file) throws IOException {
        LimitedStream packed = new LimitedStream(file, Long.MAX_VALUE, "the archive");
        try {
            return unpacked(new PushbackInputStream(
                    new UnpackedStream(new GZIPInputStream(packed), packed, limits.ratio()), SNIFFED));
        } catch (ZipException | EOFException malformed) {
            throw new BrokenReportException("the gzip archive is malformed or cut off");
        }
    }

    /// The first entry that is a report; else what is said of the first entry that is broken, or of
    /// the last.
    private Finding zip(InputStream file) throws IOException {
        LimitedStream packed = new LimitedStream(file, Long.MAX_VALUE, "the archive");
        try {
            // names are not looked at; those of ISO 8859-1 can be anything
            ZipInputStream archive = new ZipInputStream(packed, StandardCharsets.ISO_8859_1);
            InputStream all = new LimitedStream(
                    new UnpackedStream(archive, packed, limits.ratio()), limits.unpackedOctets(), "the archive");
            return entries(archive, all);
        } catch (ZipException | EOFException malformed) {
            throw new BrokenReportException(
                    isEncrypted(malformed)
                            ? "the zip archive is encrypted"
                            : "the zip archive is malformed or cut off");
        }
    }

    private static @Nullable ZipEntry next(ZipInputStream archive) throws IOException {
        try {
            return archive.getNextEntry();
        } catch (IllegalArgumentException badName) {
            // so the platform says that a name claims to be UTF-8 and is not
            throw new BrokenReportException("the zip archive has a name that is no text");
        }
    }

    private static boolean isEncrypted(IOException malformed) {
        String said = malformed.getMessage();
        return said != null && said.contains("encrypted");
    }

    private Finding entries(ZipInputStream archive, InputStream all) throws IOException {
        Finding finding = new Finding.NoReport("the zip archive is empty");
        int entries = 0;
        for (ZipEntry entry = next(archive); entry != null; entry = next(archive)) {
            if (++entries > limits.archiveEntries()) {
                throw new BrokenReportException(
                        "the zip archive has more than " + limits.archiveEntries() + " entries");
            }
            if (!entry.isDirectory()) {
                Finding one = unpacked(new PushbackInputStream(all, SNIFFED));
                switch (one) {
                    case Finding.Aggregate report -> {
                        return report;
                    }
                    case Finding.Tls report -> {
                        return report;
                    }
                    case Finding.Broken broken -> {
                        return broken;
                    }
                    case Finding.NoReport no -> finding = no;
                    case Finding.Abuse _, Finding.Delivery _ ->
                        throw new IllegalStateException("no such report is an entry of an archive");
                }
            }
            drain(all);
        }
        return finding;
    }

    /// Leaves an entry through the bounds; the archive itself would unpack without any.
    private static void drain(InputStream entry) throws IOException {
        byte[] piece = new byte[PIECE];
        int read = entry.read(piece);
        while (read >= 0) {
            read = entry.read(piece);
        }
    }

    private Finding unpacked(PushbackInputStream file) throws IOException {
        return switch (kind(file)) {
            case ZIP, GZIP -> throw new BrokenReportException("the archive holds another archive");
            case XML -> AggregateXml.read(file, limits);
            case JSON -> TlsJson.read(file, limits);
            case OTHER -> new Finding.NoReport("what the archive holds is neither XML nor JSON");
        };
    }
}
