package dev.postern.dns.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// The keys that a zone publishes, and which of them have signed the set.
///
/// @param zone the zone
/// @param entryPoints those in force that are made to be trust anchors (the SEP flag), which is to be trusted only
///     where {@link #isSignedBy} a trusted one
/// @param signers those in force by which the set is signed
/// @param revoked those whose REVOKE bit is set and that have signed the set themselves; the bit is unset here
/// @param ttl how long the keys may be kept
/// @param signed for how long the signatures hold from now on, zero where there is none
/// @rfc 5011 §2
record KeySet(
        Name zone,
        List<DNSKEYRecord> entryPoints,
        List<DNSKEYRecord> signers,
        List<DNSKEYRecord> revoked,
        Duration ttl,
        Duration signed) {
    private static final int MOST_KEYS = 32;
    private static final int MOST_CHECKS = 32;

    KeySet {
        entryPoints = List.copyOf(entryPoints);
        signers = List.copyOf(signers);
        revoked = List.copyOf(revoked);
    }

    /// Reads the answer to the question for a zone's keys; empty if it holds none, or more than any zone has.
    static Optional<KeySet> read(Message answer, Name zone, Instant now) {
        RRset set = new RRset();
        List<DNSKEYRecord> keys = new ArrayList<>();
        List<RRSIGRecord> signatures = new ArrayList<>();
        for (Record record : answer.getSection(Section.ANSWER)) {
            if (record.getName().equals(zone) && record.getDClass() == DClass.IN) {
                if (record instanceof DNSKEYRecord key) {
                    set.addRR(key);
                    keys.add(key);
                } else if (record instanceof RRSIGRecord signature
                        && signature.getTypeCovered() == Type.DNSKEY
                        && signature.getSigner().equals(zone)) {
                    signatures.add(signature);
                }
            }
        }
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            return Optional.empty();
        }
        return Optional.of(new Reading(zone, set, keys, signatures, now).read());
    }

    /// Whether one of the keys that some anchors name has signed the set.
    boolean isSignedBy(TrustAnchors anchors) {
        return signers.stream()
                .anyMatch(key -> anchors.records().stream().anyMatch(anchor -> TrackedKey.names(anchor, key)));
    }

    /// A set and its signatures; used once.
    private static final class Reading {
        private final Name zone;
        private final RRset set;
        private final List<DNSKEYRecord> keys;
        private final List<RRSIGRecord> signatures;
        private final Instant now;
        private int checks;
        private Duration signed = Duration.ZERO;

        Reading(Name zone, RRset set, List<DNSKEYRecord> keys, List<RRSIGRecord> signatures, Instant now) {
            this.zone = zone;
            this.set = set;
            this.keys = keys;
            this.signatures = signatures;
            this.now = now;
        }

        KeySet read() {
            List<DNSKEYRecord> entryPoints = new ArrayList<>();
            List<DNSKEYRecord> signers = new ArrayList<>();
            List<DNSKEYRecord> revoked = new ArrayList<>();
            for (DNSKEYRecord key : keys) {
                boolean hasSigned = (key.getFlags() & DNSKEYRecord.Flags.ZONE_KEY) != 0
                        && signatures.stream().anyMatch(s -> signs(s, key));
                if ((key.getFlags() & TrackedKey.REVOKE) != 0) {
                    if (hasSigned) {
                        revoked.add(TrackedKey.unrevoked(key));
                    }
                } else {
                    if ((key.getFlags() & DNSKEYRecord.Flags.SEP_KEY) != 0) {
                        entryPoints.add(key);
                    }
                    if (hasSigned) {
                        signers.add(key);
                    }
                }
            }
            return new KeySet(
                    zone,
                    entryPoints,
                    signers,
                    revoked,
                    Duration.ofSeconds(Records.timeToLive(keys.getFirst())),
                    signed);
        }

        private boolean signs(RRSIGRecord signature, DNSKEYRecord key) {
            if (signature.getFootprint() != key.getFootprint()
                    || signature.getAlgorithm() != key.getAlgorithm()
                    || ++checks > MOST_CHECKS) {
                return false;
            }
            try {
                DNSSEC.verify(set, signature, key, now);
                Duration left = Duration.between(now, signature.getExpire());
                signed = left.compareTo(signed) > 0 ? left : signed;
                return true;
            } catch (DNSSEC.DNSSECException | RuntimeException no) {
                return false; // whichever way the library says that it does not
            }
        }
    }
}
