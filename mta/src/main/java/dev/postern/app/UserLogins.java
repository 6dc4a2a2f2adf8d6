package dev.postern.app;

import dev.postern.accounts.Accounts;
import dev.postern.accounts.LoginThrottle;
import dev.postern.accounts.LoginThrottleSettings;
import dev.postern.app.config.Config;
import dev.postern.app.config.LoginLimits;
import dev.postern.sasl.Login;
import dev.postern.sasl.Plain;
import dev.postern.sasl.Scram;
import dev.postern.sasl.ScramDecoys;
import dev.postern.smtpserver.Logins;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// The users and how they log in; passwords are hashed by a few threads of their own.
final class UserLogins {
    private static final int HASHING_THREADS = 2;
    private static final int HASHING_QUEUE = 64;

    private final ThreadPoolExecutor hashing = new ThreadPoolExecutor(
            HASHING_THREADS,
            HASHING_THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(HASHING_QUEUE),
            Thread.ofPlatform().daemon().name("postern-password-", 0).factory());
    private final Accounts accounts;
    private final Logins logins;

    /// @param random one that cannot be foretold
    /// @throws IOException if the secret for users who do not exist can be neither read nor written
    UserLogins(Config config, InstantSource clock, RandomGenerator random) throws IOException {
        hashing.allowCoreThreadTimeOut(true);
        accounts = new Accounts(config.domains().accounts(), hashing);
        ScramDecoys decoys = DecoySecret.in(config.data(), random);
        Scram.Ground ground = new Scram.Ground(accounts, decoys, random);
        logins = new Logins(
                List.of(
                        new Scram(Scram.Kind.PLUS, ground),
                        new Scram(Scram.Kind.UNBOUND, ground),
                        new Plain(accounts),
                        new Login(accounts)),
                new LoginThrottle(LoginThrottleSettings.byDefault(), accounts::canonical, clock));
        throttle(config);
    }

    /// Who there is.
    Accounts accounts() {
        return accounts;
    }

    /// The ways to log in, the best one first.
    Logins logins() {
        return logins;
    }

    /// Takes the users and limits of another configuration.
    void use(Config config) {
        accounts.use(config.domains().accounts());
        throttle(config);
    }

    private void throttle(Config config) {
        LoginLimits limits = config.limits().logins();
        logins.throttle().use(limits.throttle(), limits.shared()::contains);
    }

    /// Hashes no more.
    void end() {
        hashing.shutdown();
    }
}
