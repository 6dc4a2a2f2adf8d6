package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Priority;
import dev.postern.smtpserver.SenderPriorities;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The section `[handling]`: what becomes of the wishes of senders for the way of their mail.
final class HandlingSection {
    private static final Pattern PRIORITY = Pattern.compile("-?[0-9]");

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
        SenderPriorities senders = senders(section);
        section.finish();
        return new Config.Handling(shortest, most, byRole, senders);
    }

    /// The priorities of addresses and of domains.
    private static SenderPriorities senders(Section section) {
        Map<Mailbox, Priority> byAddress = new LinkedHashMap<>();
        Map<DomainName, Priority> byDomain = new LinkedHashMap<>();
        section.pairs("senders").forEach((name, text) -> {
            Optional<Priority> priority = Optional.of(text)
                    .filter(digits -> PRIORITY.matcher(digits).matches())
                    .map(digits -> new Priority(Integer.parseInt(digits)));
            Optional<Mailbox> address = Mailbox.parse(name);
            Optional<DomainName> domain = DomainName.parse(name);
            if (priority.isEmpty() || (address.isEmpty() && domain.isEmpty())) {
                section.fault(
                        "senders",
                        name,
                        "\"handling.senders\" must name an address or a domain, and its priority from \"-9\" to \"9\"");
            } else {
                address.ifPresent(known -> byAddress.put(known, priority.get()));
                domain.ifPresent(known -> byDomain.put(known, priority.get()));
            }
        });
        return new SenderPriorities(byAddress, byDomain);
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
