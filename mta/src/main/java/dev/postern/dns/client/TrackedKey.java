package dev.postern.dns.client;

import java.time.Instant;
import java.util.Arrays;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Record;

/// A key of a zone with trust anchors, and how far it is trusted since when; the state "Start" is not to be known here.
///
/// @param key with its REVOKE bit unset
/// @rfc 5011 §4.2
record TrackedKey(DNSKEYRecord key, State state, Instant since) {
    /// The flag by which a zone revokes a key (RFC 5011 §7).
    static final int REVOKE = DNSKEYRecord.Flags.REVOKE;

    /// The states of a key, in the order of the standard.
    enum State {
        /// It was seen in a set that trusted keys have signed, and has to stay there for 30 days.
        ADD_PEND,
        /// It is trusted, and was there the last time.
        VALID,
        /// It is trusted, but was not there the last time.
        MISSING,
        /// The zone has revoked it; it is not trusted.
        REVOKED,
        /// It was revoked long ago, and never comes back.
        REMOVED;

        /// Whether a zone may be validated by it.
        boolean isTrusted() {
            return switch (this) {
                case VALID, MISSING -> true;
                case ADD_PEND, REVOKED, REMOVED -> false;
            };
        }
    }

    TrackedKey {
        if ((key.getFlags() & REVOKE) != 0) {
            throw new IllegalArgumentException("a key with its REVOKE bit set: " + key);
        }
    }

    /// The same in another state from now on.
    TrackedKey become(State next, Instant now) {
        return new TrackedKey(key, next, now);
    }

    /// A key with its REVOKE bit unset.
    static DNSKEYRecord unrevoked(DNSKEYRecord key) {
        return new DNSKEYRecord(
                key.getName(),
                DClass.IN,
                key.getTTL(),
                key.getFlags() & ~REVOKE,
                key.getProtocol(),
                key.getAlgorithm(),
                key.getKey());
    }

    /// Whether an anchor names a key.
    ///
    /// @param anchor a DS or DNSKEY record
    static boolean names(Record anchor, DNSKEYRecord key) {
        return switch (anchor) {
            case DNSKEYRecord same -> same.equals(key);
            case DSRecord ds ->
                ds.getName().equals(key.getName())
                        && ds.getAlgorithm() == key.getAlgorithm()
                        && ds.getFootprint() == key.getFootprint()
                        && Arrays.equals(
                                ds.getDigest(),
                                new DSRecord(key.getName(), DClass.IN, 0, ds.getDigestID(), key).getDigest());
            default -> throw new IllegalStateException("an anchor that is none: " + anchor);
        };
    }
}
