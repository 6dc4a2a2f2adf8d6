package dev.postern.bench;

import dev.postern.event.Events;
import dev.postern.guard.BanTerms;
import dev.postern.guard.ClientGuard;
import dev.postern.guard.Demand;
import dev.postern.guard.Denial;
import dev.postern.guard.GuardSettings;
import dev.postern.guard.Offence;
import dev.postern.guard.Rates;
import dev.postern.guard.Taker;
import dev.postern.policy.NetworkSet;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// One question to the guard, by two threads at once: nanoseconds each. A thousand networks are banned.
@State(Scope.Benchmark)
@Threads(2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GuardBench {
    private static final NetworkSet LOOPBACK = NetworkSet.of("127.0.0.0/8", "::1/128");

    private final InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    private final InetAddress banned = InetAddress.ofLiteral("10.0.7.1");
    private final InetAddress known = InetAddress.ofLiteral("192.0.2.1");
    private final Taker client = new Taker.Client(known);
    private final Taker user = new Taker.User("ann@example.org");
    private final ClientGuard guard = guard();

    private static ClientGuard guard() {
        GuardSettings settings =
                new GuardSettings(Rates.byDefault(), BanTerms.byDefault(), Duration.ofSeconds(3), "ask postmaster");
        ClientGuard guard = new ClientGuard(
                settings, LOOPBACK::contains, new ClientGuard.Ground(InstantSource.system(), Events.none(), 42));
        for (int i = 0; i < 1000; i++) {
            AddressBlock network = AddressBlock.parse("10." + i / 256 + "." + i % 256 + ".0/24")
                    .orElseThrow();
            guard.bans().add(network, Duration.ofDays(1), "bench");
        }
        return guard;
    }

    /// A new session from loopback, which is exempt.
    @Benchmark
    public Optional<Denial> exemptSession() {
        return guard.admit(loopback);
    }

    /// A new session from an address that is banned.
    @Benchmark
    public Optional<Denial> bannedSession() {
        return guard.admit(banned);
    }

    /// A new session from any address of IPv4, most of them never seen: other clients make room.
    @Benchmark
    public Optional<Denial> strangersSession() {
        return guard.admit(
                InetAddress.ofLiteral("198." + ThreadLocalRandom.current().nextInt(256) + "."
                        + ThreadLocalRandom.current().nextInt(256) + "."
                        + ThreadLocalRandom.current().nextInt(256)));
    }

    /// A message of a known client, which both threads are.
    @Benchmark
    public Optional<Denial> message() {
        return guard.take(client, Demand.MESSAGES);
    }

    /// A message of a user.
    @Benchmark
    public Optional<Denial> usersMessage() {
        return guard.take(user, Demand.MESSAGES);
    }

    /// A piece of content.
    @Benchmark
    public void octets() {
        guard.had(client, Demand.OCTETS, 8192);
    }

    /// How long a reply to a known client is held back.
    @Benchmark
    public Duration tarpit() {
        return guard.tarpit(known);
    }

    /// An offence that is none of much weight.
    @Benchmark
    public void offence() {
        guard.offended(known, Offence.FAILED_LOGINS);
    }
}
