package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentTest {
    private static final Attachment ATTACHMENT = new Attachment(ReportLimits.DEFAULT);

    private static Finding read(byte[] file) throws IOException {
        return ATTACHMENT.read(new ByteArrayInputStream(file));
    }

    private static String broken(byte[] file) throws IOException {
        Finding finding = read(file);
        assertThat(finding).isInstanceOf(Finding.Broken.class);
        return ((Finding.Broken) finding).why();
    }

    private static byte[] sample() throws IOException {
        return Samples.file("rfc9990.xml");
    }

    private static byte[] gzip(byte[] octets) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(octets);
        }
        return packed.toByteArray();
    }

    private static byte[] zip(Map<String, byte[]> entries, int method) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    CRC32 crc = new CRC32();
                    crc.update(each.getValue());
                    entry.setCrc(crc.getValue());
                    entry.setSize(each.getValue().length);
                }
                zip.putNextEntry(entry);
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
        return packed.toByteArray();
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        return zip(entries, ZipEntry.DEFLATED);
    }

    /// A gigabyte of empty elements behind a beginning, deflated. Only its first octets are ever looked at, so the
    /// same megabyte may stand there again and again, and no sum at the end.
    private static byte[] bomb(String begin) {
        byte[] megabyte = "<a/>".repeat(1 << 18).getBytes(StandardCharsets.US_ASCII);
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(deflated(deflater, begin.getBytes(StandardCharsets.US_ASCII)));
        byte[] again = deflated(deflater, megabyte);
        for (int i = 0; i < 1024; i++) {
            packed.writeBytes(again);
        }
        deflater.end();
        assertThat(packed.size()).isLessThan(4 << 20);
        return packed.toByteArray();
    }

    private static byte[] deflated(Deflater deflater, byte[] octets) {
        byte[] packed = new byte[8192];
        deflater.setInput(octets);
        return Arrays.copyOf(packed, deflater.deflate(packed, 0, packed.length, Deflater.FULL_FLUSH));
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(head);
        both.writeBytes(tail);
        return both.toByteArray();
    }

    private static byte[] gzipBomb(String begin) throws IOException {
        return joined(Arrays.copyOf(gzip(new byte[0]), 10), bomb(begin)); // a header has ten octets
    }

    private static byte[] zipBomb(String begin) throws IOException {
        return joined(Arrays.copyOf(zip(Map.of("a", new byte[0])), 31), bomb(begin)); // and here 30 and the name
    }

    @Test
    void plainReportsAreRead() throws IOException {
        assertThat(read(sample())).isInstanceOf(Finding.Aggregate.class);
        assertThat(read(Samples.file("rfc8460.json"))).isInstanceOf(Finding.Tls.class);
    }

    @Test
    void gzipIsUnpacked() throws IOException {
        assertThat(read(gzip(sample()))).isInstanceOf(Finding.Aggregate.class);
        assertThat(read(gzip(Samples.file("rfc8460.json")))).isInstanceOf(Finding.Tls.class);
    }

    @ParameterizedTest
    @CsvSource({"0", "8"})
    void zipIsUnpackedWhateverItsMethodAndItsNames(int method) throws IOException {
        for (String name : new String[] {"a.xml", "../../etc/passwd", "C:\\x", "\u00e9\u4e2d.txt", "no ending"}) {
            assertThat(read(zip(Map.of(name, sample()), method))).isInstanceOf(Finding.Aggregate.class);
        }
    }

    @Test
    void firstEntryThatIsAReportCounts() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("folder/", new byte[0]);
        entries.put("__MACOSX/._report.xml", new byte[200]);
        entries.put("index.html", "<html/>".getBytes(StandardCharsets.US_ASCII));
        entries.put("report.xml", sample());
        entries.put("tls.json", Samples.file("rfc8460.json"));
        assertThat(read(zip(entries))).isInstanceOf(Finding.Aggregate.class);
    }

    @Test
    void archiveWithoutAReportIsNone() throws IOException {
        assertThat(read(zip(Map.of("a", "hello".getBytes(StandardCharsets.US_ASCII)))))
                .isEqualTo(new Finding.NoReport("what the archive holds is neither XML nor JSON"));
        assertThat(read(zip(Map.of()))).isEqualTo(new Finding.NoReport("the zip archive is empty"));
        assertThat(read(gzip(new byte[0])))
                .isEqualTo(new Finding.NoReport("what the archive holds is neither XML nor JSON"));
        assertThat(read(new byte[0]))
                .isEqualTo(new Finding.NoReport("the attachment is neither XML nor JSON nor an archive"));
    }

    @Test
    void gigabyteInAnArchiveIsNotUnpackedNeitherAsReportNorOnTheWay() throws IOException {
        for (String begin : new String[] {"<feedback>", "{", "nothing"}) {
            assertThat(broken(zipBomb(begin))).isEqualTo("the archive holds more than 200 times its size");
        }
        for (String begin : new String[] {"<feedback>", "{"}) {
            assertThat(broken(gzipBomb(begin))).isEqualTo("the archive holds more than 200 times its size");
        }
    }

    @Test
    void unpackedOctetsAreBoundedWhateverTheRatio() throws IOException {
        Attachment patient = new Attachment(new ReportLimits(1 << 30, 4 << 20, 1_000_000, 10, 10));
        assertThat(patient.read(new ByteArrayInputStream(gzipBomb("<feedback>"))))
                .isEqualTo(new Finding.Broken("the report has more than 4194304 octets"));
        assertThat(patient.read(new ByteArrayInputStream(zipBomb("nothing"))))
                .isEqualTo(new Finding.Broken("the archive has more than 4194304 octets"));
    }

    @Test
    void archivesWithinArchivesAreRefused() throws IOException {
        for (byte[] inner : new byte[][] {gzip(sample()), zip(Map.of("a", sample()))}) {
            assertThat(broken(gzip(inner))).isEqualTo("the archive holds another archive");
            assertThat(broken(zip(Map.of("b", inner)))).isEqualTo("the archive holds another archive");
        }
    }

    @Test
    void entriesAreBounded() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 1000; i++) {
            entries.put(i + ".txt", new byte[] {'x'});
        }
        entries.put("report.xml", sample());
        assertThat(broken(zip(entries))).isEqualTo("the zip archive has more than 10 entries");
    }

    @Test
    void encryptedArchivesAreNamedSo() throws IOException {
        byte[] zip = zip(Map.of("a", sample()));
        zip[6] |= 1; // the flag of the first local header
        assertThat(broken(zip)).isEqualTo("the zip archive is encrypted");
    }

    @Test
    void nameThatIsNoTextIsToldOf() throws IOException {
        byte[] zip = zip(Map.of("\u00e9", sample()));
        zip[31] = 'x'; // the second octet of the name
        assertThat(broken(zip)).startsWith("the zip archive");
    }

    @Test
    void archivesCutOffAnywhereDoNoHarm() throws IOException {
        byte[] gzip = gzip(sample());
        byte[] zip = zip(Map.of("a", sample()));
        for (byte[] archive : new byte[][] {gzip, zip}) {
            for (int length = 2; length < archive.length; length++) {
                Finding finding = read(Arrays.copyOf(archive, length));
                assertThat(finding)
                        .isInstanceOfAny(Finding.Broken.class, Finding.NoReport.class, Finding.Aggregate.class);
            }
            assertThat(broken(Arrays.copyOf(archive, 35))).endsWith("archive is malformed or cut off");
        }
    }

    @Test
    void archivesWithWrongOctetsDoNoHarm() throws IOException {
        byte[] zip = zip(Map.of("a", sample()));
        byte[] gzip = gzip(sample());
        for (byte[] archive : new byte[][] {gzip, zip}) {
            for (int i = 0; i < archive.length; i++) {
                byte[] wrong = archive.clone();
                wrong[i] ^= (byte) 0xFF;
                assertThat(read(wrong)).isNotNull();
            }
        }
    }

    @Test
    void troubleOfTheMachineIsNoBrokenReport() {
        InputStream begin = new ByteArrayInputStream("<feedback>".getBytes(StandardCharsets.US_ASCII));
        InputStream trouble = new FilterInputStream(begin) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int read = super.read(into, offset, length);
                if (read < 0) {
                    throw new IOException("disk");
                }
                return read;
            }
        };
        assertThatThrownBy(() -> ATTACHMENT.read(trouble))
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
    }
}
