package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.delivery.DeliverySettings;
import dev.postern.queue.QueueSettings;
import dev.postern.spool.rocks.RocksSpoolSettings;
import java.nio.file.Path;

/// How the spool, the queue over it and the deliveries from it are set, as a configuration wants them.
final class StoreSettings {
    private StoreSettings() {}

    /// Of the spool, in the data folder.
    static RocksSpoolSettings spool(Config config) {
        Path folder = config.data().resolve("spool");
        return RocksSpoolSettings.in(folder)
                .with(new RocksSpoolSettings.ContentSettings(
                        RocksSpoolSettings.ContentSettings.byDefault().threshold(),
                        config.limits().diskReserve()));
    }

    /// Of the queue.
    static QueueSettings queue(Config config) {
        QueueSettings usual = QueueSettings.usual();
        return new QueueSettings(
                config.delivery().active(),
                usual.contentBudget(),
                DestinationLimits.of(config),
                config.delivery().rest(),
                usual.handOverGrace());
    }

    /// Of the deliveries.
    static DeliverySettings delivery(Config config) {
        return DeliverySettings.of(
                config.delivery().schedules(), config.delivery().totalConcurrency());
    }
}
