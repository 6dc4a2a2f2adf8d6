package dev.postern.dns.client;

import dev.postern.wire.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// Asks the zones that trust begins with for their keys, so that the next ones are known before the present ones go.
///
/// @rfc 5011 §2.3
public final class AnchorRefresh {
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(15);
    private static final Duration LONGEST_AFTER_TROUBLE = Duration.ofDays(1);
    private static final int TENTH = 10;

    private final DnsClient dns;
    private final InstantSource clock;

    /// @param dns asked past its cache and its validation
    public AnchorRefresh(DnsClient dns, InstantSource clock) {
        this.dns = dns;
        this.clock = clock;
    }

    /// What came of asking once.
    ///
    /// @param table what is known from now on
    /// @param changes a line for each key whose state has changed
    /// @param troubles a sentence for each zone whose keys could not be had, or are not signed by one we trust
    /// @param next when to ask again
    public record Outcome(AnchorTable table, List<String> changes, List<String> troubles, Duration next) {
        public Outcome {
            changes = List.copyOf(changes);
            troubles = List.copyOf(troubles);
        }
    }

    /// Asks every zone once; blocks its (virtual) thread.
    ///
    /// @throws InterruptedException if the thread was interrupted
    public Outcome refresh(AnchorTable table) throws InterruptedException {
        AnchorTable next = table;
        List<String> troubles = new ArrayList<>();
        Duration wait = LONGEST;
        for (Name zone : table.zones()) {
            Instant now = clock.instant();
            switch (dns.unchecked(new Inquiry(zone, Type.DNSKEY), Deadline.after(dns.patience()))) {
                case Upstream.Reply.Unanswered(String why) -> {
                    troubles.add(why);
                    wait = SHORTEST;
                }
                case Upstream.Reply.Answered answered -> {
                    Optional<KeySet> seen = answered.message().getRcode() == Rcode.NOERROR
                            ? KeySet.read(answered.message(), zone, now)
                            : Optional.empty();
                    boolean believed = seen.isPresent() && seen.get().isSignedBy(next.anchors());
                    if (!believed) {
                        troubles.add("the keys of " + zone + " are not signed by one that is trusted (" + next.anchors()
                                + ")");
                    }
                    if (seen.isPresent()) {
                        next = next.after(seen.get(), now);
                    }
                    Duration one = seen.map(keys -> interval(keys, believed)).orElse(SHORTEST);
                    wait = shorter(wait, one);
                }
            }
        }
        return new Outcome(next, next.changesFrom(table), troubles, wait);
    }

    /// RFC 5011 §2.3
    static Duration interval(KeySet seen, boolean believed) {
        Duration held = shorter(seen.ttl(), seen.signed());
        Duration interval =
                believed ? shorter(LONGEST, held.dividedBy(2)) : shorter(LONGEST_AFTER_TROUBLE, held.dividedBy(TENTH));
        return interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
