package dev.postern.app;

import dev.postern.acme.TextRecords;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdater;
import dev.postern.zonerecords.Publication;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// TXT records by DNS update (RFC 2136). Whoever asks may ask any server of the zone, so each is waited for.
///
/// @param patience how long at most: then the authority is left to find out
record UpdatedRecords(ZoneUpdater updater, Publication publication, Duration patience) implements TextRecords {
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Override
    public void add(DomainName name, String value) throws IOException, InterruptedException {
        DomainName zone = zone(name);
        send(ZoneUpdate.of(zone, new ZoneUpdate.Change.Add<>(name, RecordType.TXT, TTL, value)));
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end && !isEverywhere(name, zone, value)) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private boolean isEverywhere(DomainName name, DomainName zone, String value) {
        return publication
                .survey(name, RecordType.TXT, zone, records -> missing(records, value))
                .complete();
    }

    private static Optional<String> missing(List<String> records, String value) {
        return records.contains(value) ? Optional.empty() : Optional.of("it has other records");
    }

    @Override
    public void remove(DomainName name, String value) throws IOException {
        send(ZoneUpdate.of(zone(name), new ZoneUpdate.Change.Remove<>(name, RecordType.TXT, value)));
    }

    private DomainName zone(DomainName name) throws IOException {
        return updater.zone(name).orElseThrow(() -> new IOException(name + " is in none of the zones of [dns.update]"));
    }

    private void send(ZoneUpdate update) throws IOException {
        UpdateAnswer answer = updater.send(update);
        if (!(answer instanceof UpdateAnswer.Done)) {
            throw new IOException("the update of " + update.zone() + " was not made: " + answer.words());
        }
    }
}
