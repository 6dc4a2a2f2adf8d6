package dev.postern.app.config;

import dev.postern.policy.ListenerRole;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Priority;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// The section `[handling]`: what becomes of the wishes of senders for the way of their mail.
final class HandlingSection {
    private HandlingSection() {}

    /// Reads it.
    static Config.Handling read(Section section) {
        Duration shortest = seconds(section, "shortest-deliver-by", Duration.ZERO);
        Priority most = priority(section, "most-urgent", Priority.FURTHEST);
        Section usual = section.section("priority");
        Priority submission = priority(usual, "submission", 0);
        Map<ListenerRole, Priority> byRole = new EnumMap<>(ListenerRole.class);
        for (ListenerRole role : ListenerRole.values()) {
            byRole.put(role, role.isSubmission() ? submission : priority(usual, role.label(), 0));
        }
        usual.finish();
        section.finish();
        return new Config.Handling(shortest, most, byRole);
    }

    private static Priority priority(Section section, String key, int otherwise) {
        return new Priority(section.number(key, otherwise, -Priority.FURTHEST, Priority.FURTHEST));
    }

    /// A time in whole seconds that can be announced in nine digits; zero is none.
    static Duration seconds(Section section, String key, Duration otherwise) {
        Duration time = section.duration(key, otherwise);
        if (time.toSeconds() > FutureRelease.MAX_SECONDS) {
            section.fault(key, "\"" + key + "\" must be 999999999 seconds or less");
            return otherwise;
        }
        return Duration.ofSeconds(time.toSeconds());
    }
}
