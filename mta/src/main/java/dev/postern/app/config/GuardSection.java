package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.guard.BanTerms;
import dev.postern.guard.Demand;
import dev.postern.guard.GuardSettings;
import dev.postern.guard.Offence;
import dev.postern.guard.Rates;
import dev.postern.policy.NetworkSet;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The section `[guard]`: how much a client gets within a time, and who is banned.
final class GuardSection {
    private static final int MOST = 1_000_000_000;
    private static final int MOST_POINTS = 1000;
    private static final int MOST_ADDRESSES = 256;
    private static final Duration TARPIT = Duration.ofSeconds(3);
    private static final Duration LONGEST_TARPIT = Duration.ofMinutes(1);

    private GuardSection() {}

    /// Reads it.
    ///
    /// @param site the domain whose postmaster is asked by whoever is banned
    static Config.Guarding read(Section section, DomainName site) {
        Config.Guarding guarding = new Config.Guarding(
                new GuardSettings(rates(section), bans(section), tarpit(section), appeal(section, site)),
                section.networks("allow", NetworkSet.loopback()));
        section.finish();
        return guarding;
    }

    private static Rates rates(Section section) {
        Rates usual = Rates.byDefault();
        Map<Demand, Rates.Rate> clients = new EnumMap<>(Demand.class);
        for (Demand demand : Demand.values()) {
            clients.put(demand, rate(section, demand, usual.of(demand)));
        }
        Map<Demand, Long> users = new EnumMap<>(Demand.class);
        usual.users().forEach((demand, limit) -> users.put(demand, limit(section, "user-" + key(demand), limit)));
        return new Rates(clients, users);
    }

    /// Whoever gives an address more gives it to its network too, unless that has a number of its own.
    private static Rates.Rate rate(Section section, Demand demand, Rates.Rate usual) {
        String network = "network-" + key(demand);
        if (demand == Demand.OCTETS) {
            long address = section.sizeOrZero(key(demand), usual.perAddress());
            return new Rates.Rate(address, section.sizeOrZero(network, around(address, usual)));
        }
        long address = limit(section, key(demand), usual.perAddress());
        return new Rates.Rate(address, limit(section, network, around(address, usual)));
    }

    private static long around(long address, Rates.Rate usual) {
        return address == 0 ? 0 : Math.max(address, usual.perNetwork());
    }

    private static String key(Demand demand) {
        return demand.label() + (demand.period().equals(Duration.ofHours(1)) ? "-per-hour" : "-per-minute");
    }

    private static long limit(Section section, String key, long usual) {
        return section.number(key, (int) usual, 0, MOST);
    }

    private static BanTerms bans(Section section) {
        BanTerms usual = BanTerms.byDefault();
        BanTerms.Score score = usual.score();
        Map<Offence, Integer> weights = new EnumMap<>(Offence.class);
        Section points = section.section("points");
        for (Offence offence : Offence.values()) {
            weights.put(offence, points.number(offence.label(), BanTerms.Score.usual(offence), 0, MOST_POINTS));
        }
        points.finish();
        return new BanTerms(
                new BanTerms.Score(
                        weights, section.number("ban-after", score.points(), 0, MOST_POINTS), memory(section, score)),
                times(section, usual.times()),
                section.number("ban-network-after", usual.addresses(), 0, MOST_ADDRESSES));
    }

    private static Duration memory(Section section, BanTerms.Score usual) {
        Duration memory = section.duration("forget-after", usual.memory());
        if (!memory.isPositive() || memory.compareTo(BanTerms.MOST) > 0) {
            section.fault("forget-after", "\"guard.forget-after\" must be above zero and at most 365d");
            return usual.memory();
        }
        return memory;
    }

    private static BanTerms.Times times(Section section, BanTerms.Times usual) {
        Duration first = section.duration("ban-time", usual.first());
        Duration longest = section.duration("longest-ban", usual.longest());
        if (!BanTerms.Times.are(first, longest)) {
            section.fault(
                    section.has("ban-time") ? "ban-time" : "longest-ban",
                    "\"guard.ban-time\" must be 1s or more and not above \"guard.longest-ban\", and that at most 365d");
            return usual;
        }
        return new BanTerms.Times(first, longest);
    }

    private static Duration tarpit(Section section) {
        Duration tarpit = section.duration("tarpit", TARPIT);
        if (tarpit.compareTo(LONGEST_TARPIT) > 0) {
            section.fault("tarpit", "\"guard.tarpit\" must be at most 1m, or commands time out");
            return TARPIT;
        }
        return tarpit;
    }

    private static String appeal(Section section, DomainName site) {
        return section.parsed(
                        "appeal",
                        "a few words of printable ASCII, at most " + GuardSettings.LONGEST_APPEAL,
                        text -> Optional.of(text).filter(GuardSettings::isAppeal))
                .orElse("write to postmaster@" + site + " from another server");
    }
}
