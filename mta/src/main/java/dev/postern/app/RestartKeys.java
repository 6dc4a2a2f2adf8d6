package dev.postern.app;

import dev.postern.app.config.Config;
import java.util.List;
import java.util.function.Function;

/// The keys of the configuration that a running server reads only when it starts.
final class RestartKeys {
    private static final List<Key> ALL = List.of(
            new Key("hostname", Config::hostname),
            new Key("data", Config::data),
            new Key("listen", config -> List.of(config.listen(), config.web())),
            new Key("tls.trust", config -> config.tls().roots()),
            new Key("tls.distrust", config -> config.tls().distrusted()),
            new Key("tls.provider", config -> config.tls().provider()),
            new Key("delivery.total-concurrency", config -> config.delivery().totalConcurrency()),
            new Key("delivery.active-messages", config -> config.delivery().active()),
            new Key("delivery.first-rest", config -> config.delivery().rest().first()),
            new Key("delivery.longest-rest", config -> config.delivery().rest().most()),
            new Key("delivery (its times)", config -> config.delivery().schedules()),
            new Key("mta-sts", config -> lookedFor(config.mtaSts())),
            new Key(
                    "delivery.private-addresses (HTTPS)",
                    config -> config.delivery().privateAddresses()),
            new Key("reports.keep", config -> config.reports().archive().age()),
            new Key("reports.keep-size", config -> config.reports().archive().octets()),
            new Key("reports.keep-number", config -> config.reports().archive().reports()),
            new Key("limits.disk-reserve", config -> config.limits().diskReserve()),
            new Key(
                    "limits.received-fields",
                    config -> config.limits().message().received()),
            new Key("limits.header-fields", config -> config.limits().message().fields()),
            new Key("limits.header-size", config -> config.limits().message().headerOctets()),
            new Key("limits.mime-depth", config -> config.limits().message().nesting()),
            new Key("dns", config -> asked(config.dns())),
            new Key("log", Config::log));

    private RestartKeys() {}

    /// Without what our own policy says, which follows a reload.
    private static List<Object> lookedFor(Config.MtaSts sts) {
        return List.of(sts.use(), sts.port(), sts.patience(), sts.domains());
    }

    /// Without who takes changes of our zones, which follows a reload.
    private static List<Object> asked(Config.Dns dns) {
        return List.of(dns.servers(), dns.timeOut(), dns.validation());
    }

    private record Key(String name, Function<Config, Object> value) {}

    /// Which of them a new configuration changes in vain until the next start.
    ///
    /// @param running the configuration that the server was started with
    static List<String> changed(Config running, Config next) {
        return ALL.stream()
                .filter(key -> !key.value().apply(running).equals(key.value().apply(next)))
                .map(Key::name)
                .toList();
    }
}
