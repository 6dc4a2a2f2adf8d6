package dev.postern.dns.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What a message has more of than any honest zone needs: each signature is tried with each key of its tag, and what
/// that costs is the server's choice (CVE-2023-50387).
final class Excess {
    /// How many keys a message holds.
    static final int MOST_KEYS = 32;

    /// How many of them have one tag and one algorithm.
    static final int MOST_NAMESAKES = 4;

    /// How many signatures.
    static final int MOST_SIGNATURES = 64;

    /// How many proofs of absence.
    static final int MOST_PROOFS = 32;

    private Excess() {}

    /// The end of a sentence that tells it; empty if there is none.
    static Optional<String> of(Message message) {
        int keys = 0;
        int signatures = 0;
        int proofs = 0;
        Map<Integer, Integer> namesakes = new HashMap<>();
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            for (Record record : message.getSection(section)) {
                if (record instanceof DNSKEYRecord key) {
                    keys++;
                    namesakes.merge(key.getAlgorithm() << 16 | key.getFootprint(), 1, Integer::sum);
                } else if (record instanceof RRSIGRecord) {
                    signatures++;
                } else if (record.getType() == Type.NSEC3 || record.getType() == Type.NSEC) {
                    proofs++;
                }
            }
        }
        if (keys > MOST_KEYS) {
            return Optional.of("more than " + MOST_KEYS + " keys");
        }
        if (namesakes.values().stream().anyMatch(count -> count > MOST_NAMESAKES)) {
            return Optional.of("more than " + MOST_NAMESAKES + " keys with the same tag");
        }
        if (signatures > MOST_SIGNATURES) {
            return Optional.of("more than " + MOST_SIGNATURES + " signatures");
        }
        return proofs > MOST_PROOFS ? Optional.of("more than " + MOST_PROOFS + " proofs of absence") : Optional.empty();
    }
}
