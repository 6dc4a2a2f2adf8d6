package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.ZoneUpdater;
import dev.postern.dns.client.UpdateClient;
import java.time.InstantSource;

/// Where changes of zones are sent.
final class ZoneChanges {
    private ZoneChanges() {}

    /// What sends them by a configuration.
    static ZoneUpdater updater(Config config) {
        return config.dns()
                .update()
                .<ZoneUpdater>map(settings -> new UpdateClient(settings, InstantSource.system()))
                .orElseGet(ZoneUpdater::none);
    }
}
