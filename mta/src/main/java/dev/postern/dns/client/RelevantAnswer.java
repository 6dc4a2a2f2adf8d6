package dev.postern.dns.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What of a message answers its question; used once.
///
/// The library's validator takes a message as not vouched for as soon as it comes to records of a zone that is not
/// signed, wherever they stand. Whoever forges an answer of a signed zone would only have to add such records, and all
/// of it would count as one that nobody signs. So it gets to see nothing but what the verdict may depend on: the
/// records of the name asked for, or its alias and nothing of what that leads to, which is a question of its own; and
/// of the proofs those of the very zone that holds this name. Where a denial names no zone, a start of authority that
/// nobody signed takes its place at the name itself, which is legitimate exactly where the name is in no signed zone.
///
/// @rfc 4035 §5.3
/// @rfc 4035 §5.4
final class RelevantAnswer {
    private final Message message;
    private final Inquiry inquiry;
    private final TrustAnchors anchors;
    private final Message relevant;
    private final Set<Name> signers = new HashSet<>();
    private final Name at;

    private RelevantAnswer(Message message, Inquiry inquiry, TrustAnchors anchors) {
        this.message = message;
        this.inquiry = inquiry;
        this.anchors = anchors;
        this.at = inquiry.name();
        this.relevant = new Message(message.getHeader().getID());
    }

    /// What of the answer to an inquiry belongs to it, as the answer to the question that it is then: for the alias
    /// where the name is one.
    ///
    /// @param message with NOERROR or NXDOMAIN
    static Message of(Message message, Inquiry inquiry, TrustAnchors anchors) {
        return new RelevantAnswer(message, inquiry, anchors).choose();
    }

    private Message choose() {
        relevant.getHeader().setFlag(Flags.QR);
        relevant.getHeader().setFlag(Flags.RA);
        boolean found = message.getRcode() == Rcode.NOERROR && take(at, inquiry.type(), Section.ANSWER);
        boolean alias = !found && takeAlias();
        if (found || alias) {
            List.copyOf(signers).forEach(this::proofs);
        } else {
            relevant.getHeader().setRcode(message.getRcode());
            denial();
        }
        relevant.addRecord(Record.newRecord(at, alias ? Type.CNAME : inquiry.type(), DClass.IN), Section.QUESTION);
        return relevant;
    }

    /// Whether the name is an alias, whatever it leads to (NXDOMAIN is said of that), which may come of one of a whole
    /// subtree (DNAME).
    private boolean takeAlias() {
        if (set(Section.ANSWER, at, Type.CNAME).isEmpty()) {
            return false;
        }
        message.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == Type.DNAME
                        && at.subdomain(record.getName())
                        && !at.equals(record.getName()))
                .map(Record::getName)
                .findFirst()
                .ifPresent(owner -> take(owner, Type.DNAME, Section.ANSWER));
        return take(at, Type.CNAME, Section.ANSWER);
    }

    private void denial() {
        Optional<Name> zone = message.getSection(Section.AUTHORITY).stream()
                .filter(record -> record.getType() == Type.SOA && at.subdomain(record.getName()))
                .map(Record::getName)
                .filter(apex -> underTheAnchor(at, apex))
                .max((one, other) -> Integer.compare(one.labels(), other.labels()));
        if (zone.isPresent()) {
            take(zone.get(), Type.SOA, Section.AUTHORITY);
            proofs(zone.get());
        } else {
            relevant.addRecord(new SOARecord(at, DClass.IN, 0, Name.root, Name.root, 0, 0, 0, 0, 0), Section.AUTHORITY);
        }
    }

    /// The proofs of absence that this zone has signed.
    private void proofs(Name zone) {
        Set<Name> seen = new HashSet<>();
        for (int type : new int[] {Type.NSEC, Type.NSEC3}) {
            for (Record record : message.getSection(Section.AUTHORITY)) {
                if (record.getType() == type && record.getName().subdomain(zone) && seen.add(record.getName())) {
                    List<RRSIGRecord> signatures = signatures(Section.AUTHORITY, record.getName(), type).stream()
                            .filter(signature -> signature.getSigner().equals(zone))
                            .toList();
                    if (!signatures.isEmpty()) {
                        add(set(Section.AUTHORITY, record.getName(), type), Section.AUTHORITY);
                        add(signatures, Section.AUTHORITY);
                    }
                }
            }
        }
    }

    /// Whether there is such a set of records.
    private boolean take(Name owner, int type, int section) {
        List<Record> set = set(section, owner, type);
        if (set.isEmpty()) {
            return false;
        }
        List<RRSIGRecord> signatures = signatures(section, owner, type);
        signatures.forEach(signature -> signers.add(signature.getSigner()));
        add(set, section);
        add(signatures, section);
        return true;
    }

    private void add(List<? extends Record> records, int section) {
        records.forEach(record -> relevant.addRecord(record, section));
    }

    private List<Record> set(int section, Name owner, int type) {
        return Records.set(message, section, owner, type);
    }

    /// Those of a zone that may hold the name.
    private List<RRSIGRecord> signatures(int section, Name owner, int type) {
        List<RRSIGRecord> signatures = new ArrayList<>();
        for (Record record : message.getSection(section)) {
            if (record instanceof RRSIGRecord signature
                    && signature.getTypeCovered() == type
                    && signature.getDClass() == DClass.IN
                    && signature.getName().equals(owner)
                    && owner.subdomain(signature.getSigner())
                    && underTheAnchor(owner, signature.getSigner())) {
                signatures.add(signature);
            }
        }
        return signatures;
    }

    /// Whether a zone lies at or below the anchor that vouches for the name: what is above it proves nothing.
    private boolean underTheAnchor(Name name, Name zone) {
        return anchors.nearest(name).map(zone::subdomain).orElse(true);
    }
}
