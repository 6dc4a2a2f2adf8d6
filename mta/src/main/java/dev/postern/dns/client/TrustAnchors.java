package dev.postern.dns.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;

/// The keys that validation begins with: DS or DNSKEY records, most often of the root; a value.
///
/// @rfc 4033 §3.1
public final class TrustAnchors {
    private static final String ROOT = "root-anchors.txt";
    private static final int MOST = 100;
    private static final int MOST_OCTETS = 1 << 16;

    private final List<Record> records;

    private TrustAnchors(List<? extends Record> records) {
        this.records = records.stream().distinct().map(Record.class::cast).toList();
    }

    /// Those of the root that this version came with.
    public static TrustAnchors ofTheRoot() {
        try (InputStream in = Objects.requireNonNull(TrustAnchors.class.getResourceAsStream(ROOT))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException impossible) {
            throw new IllegalStateException("the trust anchors of the root cannot be read", impossible);
        }
    }

    /// Reads a file of them.
    ///
    /// @throws IOException with a sentence for the administrator
    public static TrustAnchors read(Path file) throws IOException {
        if (Files.size(file) > MOST_OCTETS) {
            throw new IOException(file + " is too long for a file of trust anchors");
        }
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException wrong) {
            throw new IOException(file + ": " + wrong.getMessage(), wrong);
        }
    }

    /// Reads a text of them, a master file (RFC 1035 §5.1) of DS and DNSKEY records with complete names.
    ///
    /// ```
    /// .  IN DS 20326 8 2 E06D…
    /// ```
    ///
    /// @throws IOException with a sentence for the administrator
    public static TrustAnchors parse(String text) throws IOException {
        List<Record> records = new ArrayList<>();
        try (Master master =
                new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), Name.root, 0)) {
            master.disableIncludes();
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                records.add(usable(record));
                if (records.size() > MOST) {
                    throw new IOException("there are more than " + MOST + " trust anchors");
                }
            }
        } catch (TextParseException wrong) {
            throw new IOException(
                    "that is no trust anchor: "
                            + String.valueOf(wrong.getMessage()).replaceFirst("^<none>:(\\d+)", "line $1")
                            + "; write DS or DNSKEY records, such as . IN DS 20326 8 2 E06D…",
                    wrong);
        }
        if (records.isEmpty()) {
            throw new IOException(
                    "there is no trust anchor; write DS or DNSKEY records, such as . IN DS 20326 8 2 E06D…");
        }
        return new TrustAnchors(records);
    }

    private static Record usable(Record record) throws IOException {
        boolean key = record instanceof DNSKEYRecord dnskey
                && (dnskey.getFlags() & DNSKEYRecord.Flags.ZONE_KEY) != 0
                && (dnskey.getFlags() & TrackedKey.REVOKE) == 0;
        boolean digest = record instanceof DSRecord ds
                && (ds.getDigestID() == DNSSEC.Digest.SHA256 || ds.getDigestID() == DNSSEC.Digest.SHA384);
        if (record.getDClass() != DClass.IN || !(key || digest)) {
            throw new IOException("not a trust anchor: " + record
                    + "; there are DS records with SHA-256 or SHA-384, and DNSKEY records of zone keys in force");
        }
        return record;
    }

    static TrustAnchors of(List<? extends Record> records) {
        return new TrustAnchors(records);
    }

    /// DS and DNSKEY records.
    List<Record> records() {
        return records;
    }

    /// The zones they are for.
    List<Name> zones() {
        return records.stream().map(Record::getName).distinct().sorted().toList();
    }

    /// The nearest zone with an anchor, at or above a name; empty if nothing vouches for the name at all.
    Optional<Name> nearest(Name name) {
        return zones().stream()
                .filter(name::subdomain)
                .max((one, other) -> Integer.compare(one.labels(), other.labels()));
    }

    /// As {@link #parse} reads it.
    String text() {
        StringBuilder text = new StringBuilder();
        records.forEach(record -> text.append(record).append('\n'));
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustAnchors anchors && records.equals(anchors.records);
    }

    @Override
    public int hashCode() {
        return records.hashCode();
    }

    /// The zones and key tags, such as `. 20326, . 38696`.
    @Override
    public String toString() {
        return String.join(", ", records.stream().map(TrustAnchors::words).toList());
    }

    private static String words(Record record) {
        int tag = switch (record) {
            case DNSKEYRecord key -> key.getFootprint();
            case DSRecord ds -> ds.getFootprint();
            default -> throw new IllegalStateException("an anchor that is none: " + record);
        };
        return record.getName() + " " + tag;
    }
}
