package dev.postern.app.config;

import dev.postern.policy.NetworkSet;
import dev.postern.smtpserver.MannersSettings;
import java.time.Duration;
import java.util.List;

/// The section `[manners]`: what is asked of clients before and while they speak.
final class MannersSection {
    private static final int MOST_SESSIONS = 1_000_000;
    private static final int MOST_REFUSALS = 1_000_000;

    /// A client gives up on a greeting after five minutes (RFC 5321 §4.5.3.2.1), and many after less than one.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private MannersSection() {}

    /// Reads it.
    static MannersSettings read(Section section) {
        MannersSettings usual = MannersSettings.byDefault();
        MannersSettings.GreetingWait greeting = usual.greeting();
        MannersSettings.Slowness slowness = usual.slowness();
        NetworkSet allowed = new NetworkSet(section.networks("allow"));
        MannersSettings settings = new MannersSettings(
                section.has("allow") ? allowed : usual.allow(),
                new MannersSettings.GreetingWait(
                        wait(section, "greeting-wait", greeting.time()),
                        section.flag("greeting-in-two", greeting.inTwo()),
                        section.duration("remember", greeting.remembered())),
                section.choice("early-pipelining", "refuse", List.of("refuse", "note"))
                                .equals("note")
                        ? MannersSettings.EarlyPipelining.NOTE
                        : MannersSettings.EarlyPipelining.REFUSE,
                new MannersSettings.Slowness(
                        section.number("slow-sessions", slowness.sessions(), 0, MOST_SESSIONS),
                        wait(section, "longest-wait", slowness.longest()),
                        section.number("free-refusals", slowness.free(), 0, MOST_REFUSALS),
                        wait(section, "refusal-wait", slowness.step())));
        section.finish();
        return settings;
    }

    private static Duration wait(Section section, String key, Duration otherwise) {
        Duration wait = section.duration(key, otherwise);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            section.fault(key, "\"manners." + key + "\" must be 30s or less: clients do not wait longer");
            return otherwise;
        }
        return wait;
    }
}
