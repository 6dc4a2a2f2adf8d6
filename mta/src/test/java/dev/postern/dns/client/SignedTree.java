package dev.postern.dns.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.utils.base32;

/// A tree of zones from the root down, signed or not, each with one key, and the answers that a recursive server gives
/// out of it, with signatures and proofs of absence.
final class SignedTree {
    private static final long TTL = 3600;
    private static final int KEY_FLAGS = 0x0101;

    private final Instant now;
    private final TreeMap<Name, Zone> zones = new TreeMap<>();

    SignedTree(Instant now) {
        this.now = now;
    }

    /// How a zone is signed.
    sealed interface Signing {
        /// Not at all.
        record None() implements Signing {}

        /// With NSEC.
        record Plain() implements Signing {}

        /// With NSEC3.
        record Hashed(int iterations) implements Signing {}
    }

    /// A key that signs.
    record SigningKey(DNSKEYRecord record, KeyPair pair) {
        static SigningKey make(Name zone, int flags) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                KeyPair pair = generator.generateKeyPair();
                return new SigningKey(
                        new DNSKEYRecord(
                                zone,
                                DClass.IN,
                                TTL,
                                flags,
                                DNSKEYRecord.Protocol.DNSSEC,
                                DNSSEC.Algorithm.ECDSAP256SHA256,
                                pair.getPublic()),
                        pair);
            } catch (GeneralSecurityException | DNSSEC.DNSSECException e) {
                throw new IllegalStateException(e);
            }
        }

        RRSIGRecord sign(RRset set, Instant from, Instant until) {
            try {
                return DNSSEC.sign(set, record, pair.getPrivate(), from, until);
            } catch (DNSSEC.DNSSECException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final class Zone {
        private final Name apex;
        private final Signing signing;
        private final SigningKey key;
        private final Map<Name, Map<Integer, List<Record>>> nodes = new TreeMap<>();

        Zone(Name apex, Signing signing) {
            this.apex = apex;
            this.signing = signing;
            this.key = SigningKey.make(apex, KEY_FLAGS);
            add(new SOARecord(apex, DClass.IN, TTL, apex, apex, 1, 1, 1, 1, 600));
            add(new NSRecord(apex, DClass.IN, TTL, name("ns.test.")));
            if (isSigned()) {
                add(key.record());
            }
        }

        boolean isSigned() {
            return !(signing instanceof Signing.None);
        }

        void add(Record record) {
            nodes.computeIfAbsent(record.getName(), fresh -> new TreeMap<>())
                    .computeIfAbsent(record.getType(), fresh -> new ArrayList<>())
                    .add(record);
        }

        List<Record> set(Name name, int type) {
            return nodes.getOrDefault(name, Map.of()).getOrDefault(type, List.of());
        }

        boolean exists(Name name) {
            return nodes.keySet().stream().anyMatch(known -> known.subdomain(name));
        }

        void put(Message message, int section, List<Record> records) {
            records.forEach(record -> message.addRecord(record, section));
            boolean delegation = records.getFirst().getType() == Type.NS
                    && !records.getFirst().getName().equals(apex);
            if (isSigned() && !delegation) {
                message.addRecord(
                        key.sign(new RRset(records), now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(10))),
                        section);
            }
        }

        void deny(Message message, Name name) {
            put(message, Section.AUTHORITY, set(apex, Type.SOA));
            switch (signing) {
                case Signing.None _ -> {}
                case Signing.Plain _ -> denyPlainly(message, name);
                case Signing.Hashed(int iterations) -> denyHashed(message, name, iterations);
            }
        }

        private void denyPlainly(Message message, Name name) {
            List<Record> proofs = new ArrayList<>();
            proofs.add(nsec(name));
            if (!exists(name)) {
                Name wildcard =
                        Name.fromConstantString("*." + (encloser(name).equals(Name.root) ? "" : encloser(name)));
                NSECRecord second = nsec(wildcard);
                if (!proofs.contains(second)) {
                    proofs.add(second);
                }
            }
            proofs.forEach(proof -> put(message, Section.AUTHORITY, List.of(proof)));
        }

        private Name encloser(Name name) {
            Name at = name;
            while (!exists(at)) {
                at = new Name(at, 1);
            }
            return at;
        }

        private NSECRecord nsec(Name name) {
            TreeSet<Name> owners = new TreeSet<>(nodes.keySet());
            Name owner = Optional.ofNullable(owners.floor(name)).orElseGet(owners::last);
            Name next = Optional.ofNullable(owners.higher(owner)).orElse(apex);
            return new NSECRecord(owner, DClass.IN, 600, next, types(owner, Type.NSEC));
        }

        private int[] types(Name owner, int proof) {
            TreeSet<Integer> types =
                    new TreeSet<>(nodes.getOrDefault(owner, Map.of()).keySet());
            boolean delegation = types.contains(Type.NS) && !owner.equals(apex);
            if (!types.isEmpty() && (!delegation || types.contains(Type.DS))) {
                types.add(Type.RRSIG);
            }
            if (proof == Type.NSEC) {
                types.add(Type.RRSIG);
                types.add(proof);
            }
            return types.stream().mapToInt(Integer::intValue).toArray();
        }

        private void denyHashed(Message message, Name name, int iterations) {
            TreeMap<String, Name> hashes = new TreeMap<>();
            for (Name owner : nodes.keySet()) {
                for (Name at = owner; at.subdomain(apex); at = new Name(at, 1)) {
                    hashes.put(hash(at, iterations), at);
                    if (at.equals(Name.root)) {
                        break;
                    }
                }
            }
            TreeSet<String> proofs = new TreeSet<>();
            if (exists(name)) {
                proofs.add(hash(name, iterations));
            } else {
                Name encloser = encloser(name);
                Name closer = new Name(name, name.labels() - encloser.labels() - 1);
                proofs.add(hash(encloser, iterations));
                proofs.add(covering(hashes, hash(closer, iterations)));
                proofs.add(covering(hashes, hash(under("*", encloser), iterations)));
            }
            for (String owner : proofs) {
                String next = Optional.ofNullable(hashes.higherKey(owner)).orElseGet(hashes::firstKey);
                put(
                        message,
                        Section.AUTHORITY,
                        List.of(new NSEC3Record(
                                under(owner, apex),
                                DClass.IN,
                                600,
                                NSEC3Record.SHA1_DIGEST_ID,
                                0,
                                iterations,
                                new byte[0],
                                octets(next),
                                types(hashes.getOrDefault(owner, apex), Type.NSEC3))));
            }
        }

        private static String covering(NavigableMap<String, Name> hashes, String hash) {
            return Optional.ofNullable(hashes.floorKey(hash)).orElseGet(hashes::lastKey);
        }

        private static byte[] octets(String hash) {
            return new base32(base32.Alphabet.BASE32HEX, false, false).fromString(hash);
        }

        private static String hash(Name name, int iterations) {
            try {
                byte[] hash = new NSEC3Record(
                                Name.root, DClass.IN, 0, 1, 0, iterations, new byte[0], new byte[20], new int[0])
                        .hashName(name);
                return new base32(base32.Alphabet.BASE32HEX, false, false).toString(hash);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Name under(String label, Name name) {
        return name(name.equals(Name.root) ? label + "." : label + "." + name);
    }

    static Name name(String text) {
        return Name.fromConstantString(text);
    }

    /// A zone; where the one above it is signed, so is the delegation to it, if it is itself.
    ///
    /// @param apex such as `example.`
    /// @param records a master file with complete names
    SignedTree zone(String apex, Signing signing, String records) {
        Zone zone = new Zone(name(apex), signing);
        zones.put(zone.apex, zone);
        if (!zone.apex.equals(Name.root)) {
            Zone above = holder(new Name(zone.apex, 1));
            above.add(new NSRecord(zone.apex, DClass.IN, TTL, name("ns.test.")));
            if (zone.isSigned()) {
                above.add(new DSRecord(zone.apex, DClass.IN, TTL, DNSSEC.Digest.SHA256, zone.key.record()));
            }
        }
        try (Master master =
                new Master(new ByteArrayInputStream(records.getBytes(StandardCharsets.US_ASCII)), Name.root, TTL)) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                zone.add(record);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    SigningKey key(String apex) {
        return zones.get(name(apex)).key;
    }

    /// The key of a zone as trust anchor.
    TrustAnchors anchor(String apex) {
        return TrustAnchors.of(List.of(new DSRecord(
                name(apex), DClass.IN, TTL, DNSSEC.Digest.SHA256, key(apex).record())));
    }

    private Zone holder(Name name) {
        return zones.values().stream()
                .filter(zone -> name.subdomain(zone.apex))
                .max((one, other) -> Integer.compare(one.apex.labels(), other.apex.labels()))
                .orElseThrow();
    }

    /// The answer of a recursive server that does not check anything.
    Message answer(Message question) {
        Record asked = question.getQuestion();
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(asked, Section.QUESTION);
        Name at = asked.getName();
        for (int steps = 0; steps < 20; steps++) {
            Name owner = at;
            Zone zone = asked.getType() == Type.DS && !at.equals(Name.root) ? holder(new Name(at, 1)) : holder(at);
            List<Record> found = zone.set(owner, asked.getType());
            if (!found.isEmpty()) {
                zone.put(answer, Section.ANSWER, found);
                return answer;
            }
            List<Record> alias = zone.set(owner, Type.CNAME);
            if (alias.isEmpty()) {
                if (!zone.exists(owner)) {
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                }
                zone.deny(answer, owner);
                return answer;
            }
            zone.put(answer, Section.ANSWER, alias);
            at = ((CNAMERecord) alias.getFirst()).getTarget();
        }
        return answer;
    }

    /// A message without some of its records.
    static Message without(Message message, Predicate<Record> unwanted) {
        Message less = new Message(message.getHeader().getID());
        less.getHeader().setFlag(Flags.QR);
        less.getHeader().setRcode(message.getRcode());
        less.addRecord(message.getQuestion(), Section.QUESTION);
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            message.getSection(section).stream()
                    .filter(unwanted.negate())
                    .forEach(record -> less.addRecord(record, section));
        }
        return less;
    }
}
