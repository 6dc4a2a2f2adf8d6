package dev.postern.tlspolicy.hops;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.TlsTrial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was decided for one host.
public sealed interface HopDecision {
    /// Whose policy is kept, as the report to its mail domain has it; empty where nobody is told: the host is none of
    /// a mail domain's, or the configuration or the sender has the last word.
    Optional<TlsTrial.AppliedPolicy> policy();

    /// What led to it, in the order in which it was asked for.
    List<Reason> reasons();

    /// It may be tried.
    ///
    /// @param requirement what a session must have
    /// @param watch what is looked at beside that
    record Use(TlsRequirement requirement, Watch watch, Optional<TlsTrial.AppliedPolicy> policy, List<Reason> reasons)
            implements HopDecision {
        public Use {
            reasons = List.copyOf(reasons);
        }
    }

    /// It is passed over.
    ///
    /// @param status of kind 4, or 5 where only the mail domain could make another try end in another way
    /// @param why a sentence for the sender
    /// @param failure how the report counts it
    record PassOver(
            EnhancedStatus status,
            String why,
            Optional<TlsTrial.Outcome.Failure> failure,
            Optional<TlsTrial.AppliedPolicy> policy,
            List<Reason> reasons)
            implements HopDecision {
        public PassOver {
            reasons = List.copyOf(reasons);
        }
    }

    /// What of a session is looked at and told, without mail depending on it.
    ///
    /// @param wanted what it should have; empty for nothing beyond what it must have
    /// @param foreseen the failure that the report counts whatever comes of the session
    record Watch(Optional<TlsRequirement> wanted, Optional<TlsTrial.Outcome.Failure> foreseen) {
        /// Nothing.
        public static Watch nothing() {
            return new Watch(Optional.empty(), Optional.empty());
        }
    }

    /// One thing that was asked, and what was found.
    ///
    /// @param asked such as `DANE mx.example.org:25`
    /// @param found in words
    record Reason(String asked, String found) {}

    /// The reasons as inputs of a decision, in order.
    default Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        reasons().forEach(reason -> inputs.put(reason.asked(), reason.found()));
        return inputs;
    }
}
