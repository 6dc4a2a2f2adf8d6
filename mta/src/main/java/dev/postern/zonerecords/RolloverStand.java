package dev.postern.zonerecords;

import java.time.Instant;

/// How far the way is prepared for a certificate that takes another's place.
///
/// @rfc 7671 §8.1
public sealed interface RolloverStand {
    /// It may be shown: no sender turns away because of it, or holding it back would help nobody.
    ///
    /// @param why in words
    record Free(String why) implements RolloverStand {}

    /// The one that is shown has ended, so that the new one is shown although senders that keep to DANE refuse it until
    /// its record is published: an ended certificate is refused by everybody else.
    ///
    /// @param why in words what those senders find
    record Overdue(String why) implements RolloverStand {}

    /// Senders that keep to DANE would refuse it.
    ///
    /// @param why in words what they find
    record Refused(String why) implements RolloverStand {}

    /// All name servers have what it needs, but others may still keep what they had before.
    ///
    /// @param until when nobody does any more
    record Settling(Instant until) implements RolloverStand {}

    /// Not all name servers have told what they have.
    ///
    /// @param why in words
    record Untold(String why) implements RolloverStand {}

    /// Whether the new certificate may be shown.
    default boolean isOpen() {
        return this instanceof Free || this instanceof Overdue;
    }
}
