package dev.postern.zonerecords;

import dev.postern.zonerecords.RolloverSight.Fate;
import dev.postern.zonerecords.RolloverSight.SeenSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// When a new certificate may take the place of another, as a function of what was seen now and before.
///
/// Others keep TLSA records for their time to live. So a set that refuses the new certificate counts for that long
/// after the last name server was seen with it, and a record that stands only for the new one must have been on all
/// of them for that long.
///
/// | seen on the name servers | before | then |
/// |---|---|---|
/// | the shown certificate has ended | | it is shown: overdue where it is refused, else free |
/// | some do not tell | records of ours are or were seen | it waits |
/// | some do not tell, and the others have none | none was ever seen | free |
/// | some refuse it, and not the shown one | | refused; the time of these sets is remembered |
/// | some refuse it and the shown one alike | | free: to hold it back helps nobody |
/// | no record, or the same that the shown one has | no refusal seen | free |
/// | a record of its own, on all | no refusal seen | settles for the time of that set |
/// | nothing refuses it | refusals seen | settles for the longest time of those sets |
///
/// @rfc 7671 §8.1
final class RolloverRule {
    private RolloverRule() {}

    /// A ruling, and what to remember for the next one.
    record Step(RolloverStand stand, RolloverMemory memory) {}

    static Step step(RolloverSight seen, RolloverMemory before, Instant now) {
        boolean known = seen.known() || !before.refusing().isZero();
        Optional<String> untold = seen.untold().filter(_ -> known);
        Optional<SeenSet> refusal =
                seen.sets().stream().filter(set -> set.fresh() == Fate.REFUSED).findFirst();
        if (!now.isBefore(seen.shownEnds())) {
            return new Step(
                    refusal.map(SeenSet::why)
                            .or(() -> untold)
                            .<RolloverStand>map(RolloverStand.Overdue::new)
                            .orElse(new RolloverStand.Free("the certificate that was shown has ended")),
                    before);
        }
        if (refusal.isPresent()) {
            return new Step(
                    new RolloverStand.Refused(refusal.get().why()),
                    new RolloverMemory(longer(before.refusing(), longest(seen, Fate.REFUSED)), Optional.empty()));
        }
        if (untold.isPresent()) {
            return new Step(new RolloverStand.Untold(untold.get()), before);
        }
        Duration wait = before.refusing().isZero() ? longest(seen, Fate.BY_NEWS) : before.refusing();
        if (wait.isZero()) {
            return new Step(new RolloverStand.Free(words(seen)), before);
        }
        // A clock that was set back makes the time begin anew.
        Instant since = before.good().filter(at -> !at.isAfter(now)).orElse(now);
        Instant until = since.plus(wait);
        return new Step(
                now.isBefore(until)
                        ? new RolloverStand.Settling(until)
                        : new RolloverStand.Free("all name servers have had its TLSA record for long enough"),
                new RolloverMemory(before.refusing(), Optional.of(since)));
    }

    private static String words(RolloverSight seen) {
        return seen.sets().stream()
                .filter(set -> set.fresh() == Fate.BOTH_REFUSED)
                .findFirst()
                .map(set -> "senders that keep to DANE refuse the certificate that is shown as well: " + set.why())
                .orElse("no TLSA record stands against it");
    }

    private static Duration longest(RolloverSight seen, Fate fate) {
        return seen.sets().stream()
                .filter(set -> set.fresh() == fate)
                .map(SeenSet::ttl)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
