package dev.postern.guard;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// When clients are banned, and for how long.
///
/// @param addresses of a network that, banned at once, ban all of it; 0: never
public record BanTerms(Score score, Times times, int addresses) {
    /// The longest that anybody is banned.
    public static final Duration MOST = Duration.ofDays(365);

    /// What offences count.
    ///
    /// @param weights points for each; nothing said: none
    /// @param points that ban; 0: offences ban nobody
    /// @param memory how long so many points take to be forgotten, evenly
    public record Score(Map<Offence, Integer> weights, int points, Duration memory) {
        /// @throws IllegalArgumentException if a number is below 0, or the memory not above zero
        public Score {
            weights = Map.copyOf(weights);
            boolean negative = points < 0 || weights.values().stream().anyMatch(weight -> weight < 0);
            if (negative || !memory.isPositive()) {
                throw new IllegalArgumentException("no score: " + weights + " " + points + " " + memory);
            }
        }

        /// What is never an accident counts most. Failed logins have a throttle of their own, which spares the
        /// neighbours of a phone with an old password.
        public static int usual(Offence offence) {
            return switch (offence) {
                case OTHER_PROTOCOL, INJECTION -> 10;
                case EARLY_TALK, FAULTS, UNKNOWN_RECIPIENTS -> 5;
                case EARLY_PIPELINING, IDLE_COMMANDS -> 4;
                case SLOW -> 1;
                case FAILED_LOGINS -> 0;
            };
        }

        /// Points for an offence.
        int weight(Offence offence) {
            return weights.getOrDefault(offence, 0);
        }
    }

    /// How long bans are.
    ///
    /// @param first of a client; each next one is twice as long
    /// @param longest whoever has behaved for as long after a ban begins anew
    public record Times(Duration first, Duration longest) {
        /// @throws IllegalArgumentException unless {@link #are}
        public Times {
            if (!are(first, longest)) {
                throw new IllegalArgumentException("no times of bans: " + first + ", " + longest);
            }
        }

        /// Whether these can be the times of bans: a second or more, and the longest at most a year.
        public static boolean are(Duration first, Duration longest) {
            return first.toSeconds() >= 1 && first.compareTo(longest) <= 0 && longest.compareTo(MOST) <= 0;
        }

        /// How long somebody's ban is.
        ///
        /// @param count how many in a row it is, 1 for the first
        Duration of(int count) {
            Duration time = first;
            for (int i = 1; i < count && time.compareTo(longest) < 0; i++) {
                time = time.multipliedBy(2);
            }
            return time.compareTo(longest) < 0 ? time : longest;
        }
    }

    /// @throws IllegalArgumentException if a number is below 0
    public BanTerms {
        if (addresses < 0) {
            throw new IllegalArgumentException("a number below 0");
        }
    }

    /// 20 points within an hour: 10 minutes, at most a day; 5 addresses ban their network.
    public static BanTerms byDefault() {
        Map<Offence, Integer> weights = new EnumMap<>(Offence.class);
        for (Offence offence : Offence.values()) {
            weights.put(offence, Score.usual(offence));
        }
        return new BanTerms(
                new Score(weights, 20, Duration.ofHours(1)), new Times(Duration.ofMinutes(10), Duration.ofDays(1)), 5);
    }
}
