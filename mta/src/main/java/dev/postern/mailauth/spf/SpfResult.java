package dev.postern.mailauth.spf;

import dev.postern.dns.DomainName;
import java.util.Optional;

/// What a check came to, and why.
///
/// @param identity which claim was checked
/// @param domain the domain whose record was asked for first, as text: it may be no domain name;
///     printable ASCII of at most 255 characters
/// @param finding the outcome with its reason
/// @param lookUps how many terms asked DNS
/// @param voidLookUps how many of these asked for something that does not exist
public record SpfResult(SpfIdentity identity, String domain, Finding finding, int lookUps, int voidLookUps) {
    /// How many characters an explanation has at most.
    public static final int LONGEST_EXPLANATION = 400;

    /// How many characters of a domain or a directive are kept.
    static final int LONGEST_TEXT = 255;

    /// How many characters of a problem are kept.
    static final int LONGEST_PROBLEM = 500;

    /// An outcome with its reason.
    public sealed interface Finding {
        /// The outcome.
        SpfOutcome outcome();
    }

    /// There is nothing to check.
    ///
    /// @param why in words
    public record Nothing(String why) implements Finding {
        @Override
        public SpfOutcome outcome() {
            return SpfOutcome.NONE;
        }
    }

    /// A mechanism matched.
    ///
    /// @param directive as it stands in the record, cut to 255 characters
    /// @param explanation what the domain says to those whom it refuses, printable ASCII of at most
    ///     {@value #LONGEST_EXPLANATION} characters; a stranger's words, to be shown as such; empty
    ///     where it says nothing
    public record Matched(SpfOutcome outcome, String directive, String explanation) implements Finding {}

    /// No mechanism matched, which says nothing about the client.
    public record Unmatched() implements Finding {
        @Override
        public SpfOutcome outcome() {
            return SpfOutcome.NEUTRAL;
        }
    }

    /// The check could not be ended.
    ///
    /// @param outcome temporary or permanent
    /// @param problem in words, printable ASCII of at most 500 characters
    public record Broken(SpfOutcome outcome, String problem) implements Finding {
        /// @throws IllegalArgumentException if the outcome is no error
        public Broken {
            if (outcome != SpfOutcome.TEMPERROR && outcome != SpfOutcome.PERMERROR) {
                throw new IllegalArgumentException(outcome + " is no error");
            }
        }
    }

    /// The outcome.
    public SpfOutcome outcome() {
        return finding.outcome();
    }

    /// The domain for which the client may speak; empty unless the outcome is a pass.
    public Optional<DomainName> authenticated() {
        return outcome() == SpfOutcome.PASS ? DomainName.parse(domain) : Optional.empty();
    }

    /// The directive that matched, as it stands in the record, or `default`.
    public String mechanism() {
        return finding instanceof Matched matched ? matched.directive() : "default";
    }

    /// What the domain says to those whom it refuses, a stranger's words.
    public Optional<String> explanation() {
        return finding instanceof Matched matched && !matched.explanation().isEmpty()
                ? Optional.of(matched.explanation())
                : Optional.empty();
    }

    /// The error in words; empty where there is none.
    public Optional<String> problem() {
        return finding instanceof Broken broken ? Optional.of(broken.problem()) : Optional.empty();
    }
}
