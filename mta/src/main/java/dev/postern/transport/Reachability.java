package dev.postern.transport;

import dev.postern.route.Candidate;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.Step;
import dev.postern.wire.Endpoint;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is remembered for a while of addresses that could not be connected to or said nothing, so that not every
/// message waits for them: they are tried last, and never left out.
///
/// The family of addresses is remembered besides, since a machine without working IPv6 (or IPv4) can reach none of it:
/// where {@value #FAMILY_FAILS} different addresses of one family in a row could not be connected to, the other family
/// goes first among exchangers of the same preference.
///
/// A failure is forgotten at a success, and after {@link #REMEMBERED} put to the proof: the first who asks then tries
/// the address in its place, and for {@link #PROOF} everybody else goes on as before.
///
/// Touched by any number of threads; `lock` guards all fields that change.
final class Reachability {
    /// How long a failure counts.
    static final Duration REMEMBERED = Duration.ofMinutes(5);

    /// How long others go on as before while one tries.
    static final Duration PROOF = Duration.ofMinutes(1);

    /// Addresses that are remembered at once; beyond it the one that failed first is forgotten.
    static final int MOST = 10_000;

    private static final int FAMILY_FAILS = 3;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<Endpoint.Inet, Failure> failures = new LinkedHashMap<>();
    private final Map<Family, FamilyMemory> families = new EnumMap<>(Family.class);

    /// A family of addresses.
    private enum Family {
        IPV6,
        IPV4;

        static Family of(InetAddress address) {
            return address instanceof Inet6Address ? IPV6 : IPV4;
        }

        @Override
        public String toString() {
            return this == IPV6 ? "IPv6" : "IPv4";
        }
    }

    /// What an address met.
    ///
    /// @param since when
    /// @param until how long it is tried last
    private record Failure(String why, Instant since, Instant until) {}

    /// What a family met: the addresses that failed in a row since a moment, and until when it goes last.
    private static final class FamilyMemory {
        private final Set<Endpoint.Inet> inARow = new HashSet<>();
        private Instant since = Instant.MIN;
        private @Nullable Instant until;
    }

    Reachability(InstantSource clock) {
        this.clock = clock;
        for (Family family : Family.values()) {
            families.put(family, new FamilyMemory());
        }
    }

    /// Addresses in the order in which they are to be tried.
    ///
    /// @param candidates all that were given
    /// @param putBack which of them, and which family, were put back, and why
    record Order(List<Candidate> candidates, Map<String, String> putBack) {}

    /// The order for addresses that stand in the order of their preference.
    Order order(List<Candidate> candidates, int port) {
        if (candidates.size() < 2) {
            return new Order(candidates, Map.of());
        }
        lock.lock();
        try {
            return failures.isEmpty() ? new Order(candidates, Map.of()) : put(candidates, port, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    private Order put(List<Candidate> candidates, int port, Instant now) {
        List<Candidate> first = new ArrayList<>();
        List<Candidate> last = new ArrayList<>();
        Map<String, String> putBack = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            Endpoint.Inet endpoint = new Endpoint.Inet(candidate.address(), port);
            Failure failure = failures.get(endpoint);
            if (failure == null || isToBeProven(endpoint, failure, now)) {
                first.add(candidate);
            } else {
                last.add(candidate);
                putBack.put(endpoint.toString(), "tried last: " + failure.why() + words(failure.since(), now));
            }
        }
        Set<Family> down = down(first, now);
        if (!down.isEmpty()) {
            first.sort(Comparator.comparingInt(Candidate::preference)
                    .thenComparing(one -> down.contains(Family.of(one.address()))));
            down.forEach(family -> putBack.put(
                    family.toString(),
                    "tried last: " + FAMILY_FAILS + " addresses in a row could not be connected to"
                            + words(memory(family).since, now)));
        }
        first.addAll(last);
        return new Order(first, putBack);
    }

    private boolean isToBeProven(Endpoint.Inet endpoint, Failure failure, Instant now) {
        if (now.isBefore(failure.until())) {
            return false;
        }
        failures.put(endpoint, new Failure(failure.why(), failure.since(), now.plus(PROOF)));
        return true;
    }

    /// The families that go last, if that makes a difference.
    private Set<Family> down(List<Candidate> candidates, Instant now) {
        Set<Family> present = new LinkedHashSet<>();
        candidates.forEach(one -> present.add(Family.of(one.address())));
        Set<Family> down = new LinkedHashSet<>();
        if (present.size() > 1) {
            present.stream().filter(family -> isDown(memory(family), now)).forEach(down::add);
        }
        return down.size() < present.size() ? down : Set.of();
    }

    private static boolean isDown(FamilyMemory family, Instant now) {
        if (family.until == null) {
            return false;
        }
        if (now.isBefore(family.until)) {
            return true;
        }
        family.until = now.plus(PROOF);
        return false;
    }

    private FamilyMemory memory(Family family) {
        return families.computeIfAbsent(family, _ -> new FamilyMemory());
    }

    private static String words(Instant since, Instant now) {
        return ", " + Math.max(0, Duration.between(since, now).toSeconds()) + " s ago";
    }

    /// Notes what came of a try to open a session.
    void tried(Endpoint.Inet server, Opening opening) {
        Instant now = clock.instant();
        lock.lock();
        try {
            switch (opening) {
                case Opening.Ready _ -> reached(server);
                case Opening.Failed failed -> {
                    if (failed.reply().isPresent() || failed.step().compareTo(Step.HELLO) > 0) {
                        reached(server); // it talks, whatever it says
                    } else {
                        fail(server, failed, now);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void reached(Endpoint.Inet server) {
        failures.remove(server);
        works(server);
    }

    private void works(Endpoint.Inet server) {
        FamilyMemory family = memory(Family.of(server.address()));
        family.inARow.clear();
        family.until = null;
    }

    private void fail(Endpoint.Inet server, Opening.Failed failed, Instant now) {
        failures.remove(server);
        failures.put(server, new Failure(failed.why(), now, now.plus(REMEMBERED)));
        if (failures.size() > MOST) {
            failures.pollFirstEntry();
        }
        if (failed.step() != Step.CONNECT) {
            works(server);
            return;
        }
        FamilyMemory family = memory(Family.of(server.address()));
        if (family.inARow.isEmpty() || family.since.plus(REMEMBERED).isBefore(now)) {
            family.inARow.clear();
            family.since = now;
        }
        if (family.inARow.size() < FAMILY_FAILS) {
            family.inARow.add(server);
        }
        if (family.inARow.size() == FAMILY_FAILS) {
            family.until = now.plus(REMEMBERED);
        }
    }

    /// How many addresses are remembered.
    int size() {
        lock.lock();
        try {
            return failures.size();
        } finally {
            lock.unlock();
        }
    }
}
