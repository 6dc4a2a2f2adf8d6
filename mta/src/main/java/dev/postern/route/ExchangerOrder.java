package dev.postern.route;

import dev.postern.dns.MxRecord;
import java.net.Inet6Address;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The order among exchangers and among their addresses.
///
/// @rfc 5321 §5.1
final class ExchangerOrder {
    private ExchangerOrder() {}

    /// Exchangers by preference, at random among equals so that they share the load; one that is listed twice counts
    /// once.
    static List<MxRecord> of(Collection<MxRecord> records, RandomGenerator random) {
        SortedMap<Integer, List<MxRecord>> byPreference = new TreeMap<>();
        records.stream()
                .distinct()
                .forEach(record -> byPreference
                        .computeIfAbsent(record.preference(), fresh -> new ArrayList<>())
                        .add(record));
        List<MxRecord> ordered = new ArrayList<>();
        byPreference.values().forEach(equals -> {
            Collections.shuffle(equals, random);
            ordered.addAll(equals);
        });
        return ordered;
    }

    /// Addresses of exchangers in their order, IPv6 and IPv4 taking turns within each preference, so that one broken
    /// family costs one try only.
    static List<Candidate> takingTurns(List<Candidate> candidates) {
        SortedMap<Integer, List<Candidate>> byPreference = new TreeMap<>();
        candidates.forEach(candidate -> byPreference
                .computeIfAbsent(candidate.preference(), fresh -> new ArrayList<>())
                .add(candidate));
        List<Candidate> ordered = new ArrayList<>(candidates.size());
        byPreference.values().forEach(equals -> {
            Deque<Candidate> these = new ArrayDeque<>();
            Deque<Candidate> others = new ArrayDeque<>();
            boolean first6 = isIp6(equals.getFirst());
            equals.forEach(candidate -> (isIp6(candidate) == first6 ? these : others).add(candidate));
            while (!these.isEmpty() || !others.isEmpty()) {
                if (!these.isEmpty()) {
                    ordered.add(these.remove());
                }
                if (!others.isEmpty()) {
                    ordered.add(others.remove());
                }
            }
        });
        return ordered;
    }

    private static boolean isIp6(Candidate candidate) {
        return candidate.address() instanceof Inet6Address;
    }
}
