package dev.postern.dns.client;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Zone;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/// Turns questions on the wire into answers on the wire, from a zone.
final class ZoneAnswers {
    private static final int PLAIN_DATAGRAM = 512;
    private static final int MAX_DATAGRAM = 4096;
    private static final int MAX_ALIASES = 64;
    private static final List<RecordType<?>> TYPES = List.of(
            RecordType.A,
            RecordType.AAAA,
            RecordType.CNAME,
            RecordType.MX,
            RecordType.NS,
            RecordType.PTR,
            RecordType.TLSA,
            RecordType.TXT);

    private final Zone zone;

    ZoneAnswers(Zone zone) {
        this.zone = zone;
    }

    /// The answer to a datagram, cut to the size that the asker can take; empty if it gets none.
    Optional<byte[]> toDatagram(byte[] question) {
        return read(question).flatMap(query -> answer(query).map(answer -> answer.toWire(size(query))));
    }

    /// The answer to a question over TCP; empty if it gets none.
    Optional<byte[]> toStream(byte[] question) {
        return read(question).flatMap(query -> answer(query).map(answer -> answer.toWire(Message.MAXLENGTH)));
    }

    private static int size(Message query) {
        OPTRecord options = query.getOPT();
        return options == null ? PLAIN_DATAGRAM : Math.clamp(options.getPayloadSize(), PLAIN_DATAGRAM, MAX_DATAGRAM);
    }

    private static Optional<Message> read(byte[] octets) {
        try {
            Message query = new Message(octets);
            return query.getHeader().getFlag(Flags.QR) ? Optional.empty() : Optional.of(query);
        } catch (IOException | RuntimeException notAQuestion) {
            return Optional.empty(); // whichever way the parser fails on it: what cannot be read gets no answer
        }
    }

    private Optional<Message> answer(Message query) {
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setOpcode(query.getHeader().getOpcode());
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        header.setFlag(query.getHeader().getFlag(Flags.RD) ? Flags.RD : Flags.AA);
        Record question = query.getQuestion();
        if (query.getHeader().getOpcode() != Opcode.QUERY) {
            header.setRcode(Rcode.NOTIMP);
        } else if (question == null || query.getSection(Section.QUESTION).size() != 1) {
            header.setRcode(Rcode.FORMERR);
        } else {
            answer.addRecord(question, Section.QUESTION);
            OPTRecord options = query.getOPT();
            boolean secure = options != null && (options.getFlags() & ExtendedFlags.DO) != 0;
            if (options != null) {
                answer.addRecord(
                        new OPTRecord(Query.DATAGRAM_OCTETS, 0, 0, secure ? ExtendedFlags.DO : 0), Section.ADDITIONAL);
            }
            if (question.getDClass() != DClass.IN) {
                header.setRcode(Rcode.REFUSED);
            } else if (!fill(answer, question, secure || query.getHeader().getFlag(Flags.AD))) {
                return Optional.empty();
            }
        }
        return Optional.of(answer);
    }

    /// Whether there is to be an answer at all.
    private boolean fill(Message answer, Record question, boolean askedIfAuthentic) {
        Optional<DomainName> name = Names.of(question.getName());
        if (name.isEmpty()) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            return true;
        }
        RecordType<?> type = TYPES.stream()
                .filter(known -> known.code() == question.getType())
                .findFirst()
                .orElseGet(() -> new RecordType<>("TYPE" + question.getType(), question.getType()));
        Optional<Boolean> authentic = walk(answer, question.getName(), name.get(), type);
        if (authentic.isPresent() && authentic.get() && askedIfAuthentic) {
            answer.getHeader().setFlag(Flags.AD);
        }
        return authentic.isPresent();
    }

    /// Whether all of the answer is authentic; empty if there is none.
    private <R> Optional<Boolean> walk(Message answer, Name asked, DomainName start, RecordType<R> type) {
        Name owner = asked;
        DomainName at = start;
        boolean authentic = true;
        Set<DomainName> seen = new HashSet<>();
        while (seen.add(at) && seen.size() <= MAX_ALIASES) {
            switch (zone.step(at, type)) {
                case Zone.Records<R> found -> {
                    for (R record : found.records()) {
                        answer.addRecord(Records.of(owner, type, found.ttl().toSeconds(), record), Section.ANSWER);
                    }
                    return Optional.of(authentic && found.authentic());
                }
                case Zone.Alias<R> alias -> {
                    answer.addRecord(
                            Records.of(owner, RecordType.CNAME, alias.ttl().toSeconds(), alias.target()),
                            Section.ANSWER);
                    authentic &= alias.authentic();
                    at = alias.target();
                    owner = Names.of(at);
                }
                case Zone.NoData<R> none -> {
                    answer.addRecord(authority(), Section.AUTHORITY);
                    return Optional.of(authentic && none.authentic());
                }
                case Zone.NoDomain<R> none -> {
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                    answer.addRecord(authority(), Section.AUTHORITY);
                    return Optional.of(authentic && none.authentic());
                }
                case Zone.Failure<R> failure -> {
                    answer.removeAllRecords(Section.ANSWER);
                    answer.getHeader().setRcode(Rcode.SERVFAIL);
                    return failure.trouble() == Zone.Trouble.SERVFAIL ? Optional.of(false) : Optional.empty();
                }
            }
        }
        return Optional.of(false);
    }

    /// The start of authority that tells how long "there is nothing" may be kept (RFC 2308 §3).
    private static Record authority() {
        long seconds = Zone.NEGATIVE_TTL.toSeconds();
        return new SOARecord(
                Name.root, DClass.IN, seconds, Name.root, Name.root, 1, seconds, seconds, seconds, seconds);
    }
}
