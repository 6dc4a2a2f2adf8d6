package dev.postern.app;

import dev.postern.event.Event;
import dev.postern.spool.QueueId;
import java.time.Duration;
import java.util.List;

/// What happened to the server as a whole.
sealed interface MtaEvent extends Event {
    /// It is ready: every listener is open.
    ///
    /// @param startedIn the time from the start of the process
    record Ready(String hostname, Duration startedIn) implements MtaEvent {}

    /// A new configuration is in force.
    record Reloaded(String file) implements MtaEvent {}

    /// The new configuration changes what is only read at the start: of that the old stays in force.
    ///
    /// @param keys that were changed
    record RestartNeeded(List<String> keys) implements MtaEvent {}

    /// A new configuration was refused; the old one is in force.
    record ReloadRefused(String why) implements MtaEvent {}

    /// There may be fewer sessions than the configuration says, since the system gives the process too few descriptors.
    ///
    /// @param sessions that there may be
    /// @param configured that there should be
    /// @param descriptors that the process may have (`ulimit -n`)
    record SessionsReduced(int sessions, int configured, long descriptors) implements MtaEvent {}

    /// TLS is required where nobody meets it, or where others will not.
    record EncryptionWarning(String why) implements MtaEvent {}

    /// Mail could be encrypted better.
    ///
    /// @param hint with what to write in the configuration
    record EncryptionHint(String hint) implements MtaEvent {}

    /// The reasons of a refusal could not be kept.
    record DecisionsLost(QueueId id, String why) implements MtaEvent {}

    /// A key that DNSSEC begins with has another state (RFC 5011 §4.2).
    ///
    /// @param key the zone, the key's tag and the two states, such as `. 38696: ADD_PEND to VALID`
    record TrustAnchorChanged(String key) implements MtaEvent {}

    /// The keys that DNSSEC begins with could not be had, or are not signed by one that is trusted.
    record TrustAnchorsUnknown(String why) implements MtaEvent {}

    /// The keys that DNSSEC begins with could not be written down.
    record TrustAnchorsNotKept(String why) implements MtaEvent {}

    /// It begins to end.
    record Ending() implements MtaEvent {}

    /// A part did not end as it should have.
    record EndedBadly(String why) implements MtaEvent {}
}
