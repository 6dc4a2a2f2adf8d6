package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.Resolver;
import dev.postern.event.Events;
import dev.postern.kept.Keeper;
import dev.postern.tlspolicy.mtasts.PolicyFetcher;
import dev.postern.tlspolicy.mtasts.PolicyMemory;
import dev.postern.tlspolicy.mtasts.StsPolicies;
import dev.postern.tlspolicy.mtasts.StsSettings;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.web.WebAnswer;
import dev.postern.web.WebClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The MTA-STS policies of other mail domains in a running server: fetched by HTTPS, kept in a file, and fetched again
/// by one thread that runs this.
final class StsKeeping implements Runnable, AutoCloseable {
    private static final int FETCHES = 50;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int PAUSES_TO_REFRESH = 30;

    private final StsPolicies policies;
    private final Keeper keeper;

    private StsKeeping(StsPolicies policies, Keeper keeper) {
        this.policies = policies;
        this.keeper = keeper;
    }

    /// What policies are found by.
    record Ground(Resolver resolver, WebClient web, InstantSource clock, Events events) {}

    /// As a configuration wants it; empty where policies are not looked for.
    static Optional<StsKeeping> of(Config config, Ground ground) {
        if (!config.mtaSts().use()) {
            return Optional.empty();
        }
        StsPolicies policies = new StsPolicies(
                settings(config),
                new StsPolicies.Ground(
                        ground.resolver(),
                        fetcher(ground.web()),
                        task -> Thread.ofVirtual().name("postern-sts").start(task),
                        ground.clock(),
                        ground.events()));
        KeptFile file = KeptFile.policies(config);
        Keeper keeper = new Keeper(new PolicyMemory(policies, file.name(), ground.events()), file, ground.events());
        return Optional.of(new StsKeeping(policies, keeper));
    }

    /// A fifth of what delivers at once may wait for policies, so that slow hosts leave the others to work.
    private static StsSettings settings(Config config) {
        int waiting = Math.max(1, config.delivery().totalConcurrency() / 5);
        return new StsSettings(
                config.mtaSts().port(),
                config.mtaSts().patience(),
                Math.min(waiting, 100),
                FETCHES,
                config.mtaSts().domains());
    }

    /// Fetches by HTTPS.
    static PolicyFetcher fetcher(WebClient web) {
        return address -> switch (web.get(address)) {
            case WebAnswer.Answered answered ->
                new PolicyFetcher.Answer.Answered(
                        answered.status(), answered.contentType(), answered.body(), answered.whole());
            case WebAnswer.Unproven(var _, String why) -> new PolicyFetcher.Answer.Unproven(why);
            case WebAnswer.Unreachable(String why) -> new PolicyFetcher.Answer.Failed(why);
            case WebAnswer.Garbled(String why) -> new PolicyFetcher.Answer.Failed(why);
            case WebAnswer.TooSlow(String why) -> new PolicyFetcher.Answer.Failed(why);
        };
    }

    /// Tells the policies.
    StsSource source() {
        return policies;
    }

    /// Saves what is new every two seconds and looks every minute which policies have to be fetched again, until it is
    /// interrupted.
    @Override
    public void run() {
        try {
            while (true) {
                for (int i = 0; i < PAUSES_TO_REFRESH; i++) {
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                    keeper.saveOrTell();
                }
                policies.refresh();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Saves what is not saved yet.
    @Override
    public void close() throws IOException {
        keeper.save();
    }
}
