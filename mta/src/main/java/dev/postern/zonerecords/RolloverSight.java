package dev.postern.zonerecords;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What was seen at one look at the name servers, of the TLSA records of all names that a certificate is shown for.
///
/// @param sets what each server has at each name
/// @param untold why that is not all, in words; empty if it is
/// @param known whether there are or were TLSA records of ours at all
/// @param shownEnds when the certificate ends that is shown now
record RolloverSight(List<SeenSet> sets, Optional<String> untold, boolean known, Instant shownEnds) {
    RolloverSight {
        sets = List.copyOf(sets);
    }

    /// What one server has at one name.
    ///
    /// @param fresh what senders make of the new certificate by it
    /// @param ttl how long others may keep it
    /// @param why in words what those senders find that refuse
    record SeenSet(Fate fresh, Duration ttl, String why) {}

    /// What senders make of the new certificate.
    enum Fate {
        /// They take it, and those that take the shown one by an older set take it too.
        AS_BEFORE,
        /// They take it by a record that the shown one does not have, and that may be news to others.
        BY_NEWS,
        /// They refuse it, but not the one that is shown.
        REFUSED,
        /// They refuse both.
        BOTH_REFUSED
    }
}
