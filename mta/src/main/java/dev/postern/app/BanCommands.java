package dev.postern.app;

import dev.postern.guard.Ban;
import dev.postern.guard.BanKeeper;
import dev.postern.guard.BanTerms;
import dev.postern.guard.Bans;
import dev.postern.guard.ClientGuard;
import dev.postern.guard.Demand;
import dev.postern.wire.AddressBlock;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What the command line asks of the running server's bans; what it changes is on disk before it is answered.
final class BanCommands {
    private final ClientGuard guard;
    private final BanKeeper keeper;

    BanCommands(ClientGuard guard, BanKeeper keeper) {
        this.guard = guard;
        this.keeper = keeper;
    }

    /// All bans, then how often each limit has denied something.
    void list(Consumer<Object> answer) {
        List<Bans.Running> running = guard.bans().running();
        running.forEach(one -> answer.accept(shown(one)));
        Map<String, Object> denied = new LinkedHashMap<>();
        guard.denied().forEach((Demand demand, Long count) -> denied.put(demand.label(), count));
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("bans", running.size());
        end.put("denied", denied);
        answer.accept(end);
    }

    /// Bans a network.
    void add(Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        AddressBlock network = network(arguments);
        Duration time = Duration.ofSeconds(Long.parseLong(arguments.getOrDefault("seconds", "0")));
        String why = arguments.getOrDefault("why", "");
        if (time.toSeconds() < 1 || time.compareTo(BanTerms.MOST) > 0) {
            throw new IllegalArgumentException("a ban lasts from a second to 365 days");
        }
        if (!Ban.isReason(why)) {
            throw new IllegalArgumentException(
                    "the reason must be 1 to " + Ban.LONGEST_REASON + " printable characters of ASCII");
        }
        if (guard.isExempt(network.first())) {
            throw new IllegalArgumentException(
                    network + " is exempt: it lies in \"guard.allow\" or \"relay.networks\", or is this machine's own");
        }
        Ban ban = guard.bans().add(network, time, why);
        keeper.save();
        answer.accept(shown(new Bans.Running(ban, 0)));
    }

    /// Ends the bans of a network and of all within it.
    void remove(Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        AddressBlock network = network(arguments);
        List<Ban> removed = guard.pardon(network);
        if (removed.isEmpty()) {
            throw new IllegalArgumentException(network + " is not banned" + covering(network));
        }
        keeper.save();
        removed.forEach(ban -> answer.accept(Map.of("removed", ban.network().toString())));
    }

    private String covering(AddressBlock network) {
        return guard.bans().running().stream()
                .map(one -> one.ban().network())
                .filter(banned -> banned.contains(network.first()) && banned.bits() < network.bits())
                .findFirst()
                .map(banned -> ", but lies in " + banned + ", which is")
                .orElse("");
    }

    private static AddressBlock network(Map<String, String> arguments) {
        String text = arguments.getOrDefault("network", "");
        return AddressBlock.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text
                        + "\" is no address or network such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/56; IPv6 networks"
                        + " have at most 64 bits"));
    }

    private static Map<String, Object> shown(Bans.Running one) {
        Ban ban = one.ban();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("network", ban.network().toString());
        shown.put("until", ban.until().toString());
        shown.put("since", ban.since().toString());
        shown.put("times", ban.times());
        shown.put("source", ban.source().label());
        shown.put("why", ban.why());
        shown.put("turned-away", one.turnedAway());
        return shown;
    }
}
