package dev.postern.dns.client;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.SoaRecord;
import dev.postern.dns.TlsaRecord;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;

/// The data of records in the library's form and in ours.
final class Records {
    private static final int MAX_TEXT = 255;
    private static final int IP6_OCTETS = 16;

    private Records() {}

    /// The data of a record; empty if no use can be made of it, such as a host name with a blank in it.
    private static Optional<Object> data(Record record) {
        return switch (record) {
            case ARecord a -> a.getAddress() instanceof Inet4Address ip4 ? Optional.of(ip4) : Optional.empty();
            case AAAARecord aaaa -> {
                byte[] octets = aaaa.rdataToWireCanonical();
                yield octets.length == IP6_OCTETS ? Optional.of(IpText.ip6(octets)) : Optional.empty();
            }
            case MXRecord mx -> exchanger(mx).map(found -> found);
            case TXTRecord txt -> Optional.of(text(txt));
            case CNAMERecord cname -> Names.of(cname.getTarget()).map(name -> name);
            case NSRecord ns -> Names.of(ns.getTarget()).map(name -> name);
            case PTRRecord ptr -> Names.of(ptr.getTarget()).map(name -> name);
            case TLSARecord tlsa ->
                Optional.of(new TlsaRecord(
                        tlsa.getCertificateUsage(),
                        tlsa.getSelector(),
                        tlsa.getMatchingType(),
                        HexFormat.of().formatHex(tlsa.getCertificateAssociationData())));
            case SOARecord soa ->
                Optional.of(new SoaRecord(
                        Names.of(soa.getHost()), soa.getSerial(), Duration.ofSeconds(Math.max(0, soa.getMinimum()))));
            default -> Optional.empty();
        };
    }

    /// The data of records that were chosen by the code of their type, so that they are of its Java type; those are
    /// left out that no use can be made of.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <R> List<R> data(List<Record> set) {
        return set.stream()
                .flatMap(record -> data(record).stream())
                .map(value -> (R) value)
                .toList();
    }

    /// The records of one name and type in a section of a message.
    static List<Record> set(Message message, int section, Name owner, int type) {
        return message.getSection(section).stream()
                .filter(record -> record.getType() == type
                        && record.getDClass() == DClass.IN
                        && record.getName().equals(owner))
                .toList();
    }

    /// How long all of some records may be kept, in seconds.
    static long timeToLive(List<Record> set) {
        return set.stream().mapToLong(Records::timeToLive).min().orElse(0);
    }

    /// How long a record may be kept, in seconds; with the highest bit set it counts as none (RFC 2181 §8).
    static long timeToLive(Record record) {
        long seconds = record.getTTL();
        return seconds < 0 || seconds > Integer.MAX_VALUE ? 0 : seconds;
    }

    /// How long it may be kept that there is nothing; empty where the message does not say (RFC 2308 §5).
    static Optional<Duration> negativeTimeToLive(Message message) {
        return message.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .map(soa -> Duration.ofSeconds(Math.min(timeToLive(soa), soa.getMinimum())))
                .findFirst();
    }

    /// For how many seconds the signatures of a message let it be kept (RFC 4035 §5.3.3).
    static long signedFor(Message message, Instant now) {
        long seconds = Integer.MAX_VALUE;
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : message.getSection(section)) {
                if (record instanceof RRSIGRecord signature) {
                    long left = Math.max(
                            0, Duration.between(now, signature.getExpire()).toSeconds());
                    seconds = Math.min(seconds, Math.min(left, signature.getOrigTTL()));
                }
            }
        }
        return seconds;
    }

    private static Optional<MxRecord> exchanger(MXRecord mx) {
        return mx.getTarget().equals(Name.root)
                ? Optional.of(new MxRecord(mx.getPriority(), Optional.empty()))
                : Names.of(mx.getTarget()).map(host -> new MxRecord(mx.getPriority(), Optional.of(host)));
    }

    private static String text(TXTRecord txt) {
        StringBuilder joined = new StringBuilder();
        for (byte[] part : txt.getStringsAsByteArrays()) {
            joined.append(new String(part, StandardCharsets.ISO_8859_1));
        }
        return joined.toString();
    }

    /// The record that holds some data of ours.
    ///
    /// @throws IllegalArgumentException if we have no such data
    static Record of(Name name, RecordType<?> type, long ttl, Object data) {
        return switch (data) {
            case Inet6Address address -> new AAAARecord(name, DClass.IN, ttl, address.getAddress());
            case Inet4Address address -> new ARecord(name, DClass.IN, ttl, address);
            case MxRecord mx ->
                new MXRecord(
                        name,
                        DClass.IN,
                        ttl,
                        mx.preference(),
                        mx.host().map(Names::of).orElse(Name.root));
            case String text -> new TXTRecord(name, DClass.IN, ttl, chunks(text));
            case TlsaRecord tlsa ->
                new TLSARecord(
                        name,
                        DClass.IN,
                        ttl,
                        tlsa.usage(),
                        tlsa.selector(),
                        tlsa.matching(),
                        HexFormat.of().parseHex(tlsa.associationHex()));
            case DomainName target
            when type.equals(RecordType.CNAME) -> new CNAMERecord(name, DClass.IN, ttl, Names.of(target));
            case DomainName target
            when type.equals(RecordType.NS) -> new NSRecord(name, DClass.IN, ttl, Names.of(target));
            case DomainName target
            when type.equals(RecordType.PTR) -> new PTRRecord(name, DClass.IN, ttl, Names.of(target));
            default -> throw new IllegalArgumentException("no record of type " + type);
        };
    }

    /// A text in pieces of at most 255 octets, escaped as the library reads them.
    private static List<String> chunks(String text) {
        List<String> chunks = new ArrayList<>();
        for (int start = 0; start == 0 || start < text.length(); start += MAX_TEXT) {
            StringBuilder chunk = new StringBuilder();
            text.substring(start, Math.min(text.length(), start + MAX_TEXT))
                    .chars()
                    .forEach(octet -> chunk.append("\\%03d".formatted(octet)));
            chunks.add(chunk.toString());
        }
        return chunks;
    }
}
