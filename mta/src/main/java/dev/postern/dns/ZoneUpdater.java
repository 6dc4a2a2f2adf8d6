package dev.postern.dns;

import java.util.Optional;

/// Changes zones at their primary name server (RFC 2136); blocks its (virtual) thread for a bounded time and never
/// throws for what the server does. May be shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc2136 RFC 2136
public interface ZoneUpdater {
    /// The nearest zone at or above a name, of those that this updater may change; empty if there is none.
    Optional<DomainName> zone(DomainName name);

    /// Sends some changes, which take effect all together or not at all.
    UpdateAnswer send(ZoneUpdate update);

    /// May change nothing.
    static ZoneUpdater none() {
        return new ZoneUpdater() {
            @Override
            public Optional<DomainName> zone(DomainName name) {
                return Optional.empty();
            }

            @Override
            public UpdateAnswer send(ZoneUpdate update) {
                return new UpdateAnswer.Failed("no server is configured that takes changes of " + update.zone());
            }
        };
    }
}
