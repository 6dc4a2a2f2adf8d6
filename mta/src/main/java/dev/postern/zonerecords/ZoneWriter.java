package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneUpdater;
import java.util.Optional;

/// Makes changes to our records where a name server takes them from us, one update for each name and type.
///
/// An update fails where the records are no longer those that were seen, so that nobody's change is undone.
///
/// @spec https://www.rfc-editor.org/rfc/rfc2136 RFC 2136
public final class ZoneWriter {
    private final ZoneUpdater updater;

    public ZoneWriter(ZoneUpdater updater) {
        this.updater = updater;
    }

    /// Whether a name server takes changes of this name from us.
    public boolean mayChange(DomainName name) {
        return updater.zone(name).isPresent();
    }

    /// Makes a change; empty if no name server takes it from us.
    public Optional<UpdateAnswer> write(RecordChange<?> change) {
        return updater.zone(change.name()).map(zone -> updater.send(change.update(zone)));
    }
}
