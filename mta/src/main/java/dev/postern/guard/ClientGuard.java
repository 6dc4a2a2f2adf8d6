package dev.postern.guard;

import dev.postern.event.Events;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// The guard of a running server: gives each client and user so much within a time, and bans who offends. Touched by
/// all sessions; its parts guard themselves.
public final class ClientGuard implements Guard {
    private final AtomicReference<Terms> terms;
    private final Meters meters;
    private final Bans bans;

    private record Terms(GuardSettings settings, Predicate<InetAddress> exempt) {
        Optional<Denial> banned(Optional<Ban> ban) {
            return ban.map(found -> new Denial.Banned(found, settings.appeal()));
        }
    }

    /// What a guard works with.
    ///
    /// @param seed a secret number
    public record Ground(InstantSource clock, Events events, long seed) {}

    /// @param exempt addresses that are not counted and not banned; their users are counted
    public ClientGuard(GuardSettings settings, Predicate<InetAddress> exempt, Ground ground) {
        this.terms = new AtomicReference<>(new Terms(settings, exempt));
        this.meters = new Meters(ground.seed(), ground.clock(), ground.events());
        this.bans = new Bans(ground.clock(), ground.events());
    }

    /// Goes by other settings from now on; what was counted and who is banned stays.
    public void use(GuardSettings settings, Predicate<InetAddress> exempt) {
        terms.set(new Terms(settings, exempt));
    }

    /// Who is banned.
    public Bans bans() {
        return bans;
    }

    /// Ends the bans of a network and of all that lies in it, and forgets what led to them.
    ///
    /// @return the bans that ended
    public List<Ban> pardon(AddressBlock network) {
        List<Ban> ended = bans.remove(network);
        ended.forEach(ban -> meters.forgive(ban.network()));
        return ended;
    }

    /// Whether an address is neither counted nor banned.
    public boolean isExempt(InetAddress client) {
        return terms.get().exempt().test(client);
    }

    /// How often each demand was denied since the start.
    public Map<Demand, Long> denied() {
        return meters.denied();
    }

    /// How long a ban that is over makes the next one longer.
    Duration memory() {
        return terms.get().settings().bans().times().longest();
    }

    @Override
    public Optional<Denial> admit(InetAddress client) {
        Terms now = terms.get();
        if (now.exempt().test(client)) {
            return Optional.empty();
        }
        return now.banned(bans.turnAway(client))
                .or(() -> meters.take(
                        client, Demand.SESSIONS, now.settings().rates().of(Demand.SESSIONS)));
    }

    /// A client that was banned since it came in gets nothing any more.
    @Override
    public Optional<Denial> take(Taker who, Demand demand) {
        Terms now = terms.get();
        Rates rates = now.settings().rates();
        return switch (who) {
            case Taker.User(String name) -> meters.take(name, demand, rates.ofUser(demand));
            case Taker.Client(InetAddress client) when now.exempt().test(client) -> Optional.empty();
            case Taker.Client(InetAddress client) ->
                now.banned(bans.find(client)).or(() -> meters.take(client, demand, rates.of(demand)));
        };
    }

    @Override
    public Optional<Denial> wouldTake(Taker who, Demand demand, long amount) {
        Terms now = terms.get();
        return switch (who) {
            case Taker.User _ -> Optional.empty();
            case Taker.Client(InetAddress client) ->
                now.exempt().test(client)
                        ? Optional.empty()
                        : meters.look(client, demand, now.settings().rates().of(demand), amount);
        };
    }

    @Override
    public void had(Taker who, Demand demand, long amount) {
        Terms now = terms.get();
        if (who instanceof Taker.Client(InetAddress client) && !now.exempt().test(client)) {
            meters.had(client, demand, now.settings().rates().of(demand), amount);
        }
    }

    @Override
    public void offended(InetAddress client, Offence offence) {
        Terms now = terms.get();
        BanTerms.Score score = now.settings().bans().score();
        int points = score.weight(offence);
        if (points > 0
                && score.points() > 0
                && !now.exempt().test(client)
                && meters.score(AddressBlock.host(client), points, score)) {
            bans.offender(client, offence.label(), now.settings().bans());
        }
    }

    /// Nothing below half of the points that ban, then longer the nearer they are; all of it after a ban.
    @Override
    public Duration tarpit(InetAddress client) {
        Terms now = terms.get();
        Duration longest = now.settings().tarpit();
        BanTerms.Score score = now.settings().bans().score();
        if (longest.isZero() || score.points() == 0 || now.exempt().test(client)) {
            return Duration.ZERO;
        }
        AddressBlock host = AddressBlock.host(client);
        if (bans.wasBanned(host)) {
            return longest;
        }
        double part = meters.scored(host, score);
        return part < 0.5 ? Duration.ZERO : Duration.ofMillis((long) (longest.toMillis() * part));
    }
}
