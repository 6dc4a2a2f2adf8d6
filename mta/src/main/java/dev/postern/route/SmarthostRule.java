package dev.postern.route;

import java.util.Optional;

/// Which mail goes through a given host, or directly although a wider rule says otherwise.
///
/// @param mail what the rule is about
/// @param host the host; empty: directly, by MX
public record SmarthostRule(Mail mail, Optional<SmarthostSettings> host) {
    /// What a rule is about.
    public sealed interface Mail {
        /// Mail to these domains.
        record To(DomainPattern domains) implements Mail {}

        /// Mail whose reverse-path is in these domains; reports, which have none, are not among them.
        record From(DomainPattern domains) implements Mail {}

        /// All mail that leaves.
        record All() implements Mail {}
    }
}
