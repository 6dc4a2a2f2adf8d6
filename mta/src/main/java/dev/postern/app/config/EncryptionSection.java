package dev.postern.app.config;

import dev.postern.policy.EncryptionSettings;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.route.DomainPattern;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The section `[encryption]`: where mail is taken under TLS only.
final class EncryptionSection {
    private EncryptionSection() {}

    static EncryptionSettings read(Section section) {
        EncryptionSettings settings = new EncryptionSettings(
                Set.copyOf(section.parsedList(
                        "required-listeners",
                        "\"mx\" or \"lmtp\"; nobody submits mail without TLS anyway",
                        EncryptionSection::listener)),
                new NetworkSet(section.networks("required-networks")),
                section.parsedList(
                        "required-domains", "a domain, or \"*.\" and a domain for all below it", DomainPattern::parse));
        section.finish();
        return settings;
    }

    private static Optional<ListenerRole> listener(String word) {
        return Stream.of(ListenerRole.MX, ListenerRole.LMTP)
                .filter(role -> role.label().equals(word))
                .findFirst();
    }
}
