package dev.postern.route;

import dev.postern.smtp.EnhancedStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where a message can be handed over, as the domain name system tells it now.
public sealed interface Exchangers {
    /// What was asked and answered on the way, in order.
    List<LookUp> evidence();

    /// At these addresses, to be tried in this order.
    ///
    /// @param candidates at least one
    record Hosts(List<Candidate> candidates, List<LookUp> evidence) implements Exchangers {
        /// @throws IllegalArgumentException if there is no candidate
        public Hosts {
            candidates = List.copyOf(candidates);
            evidence = List.copyOf(evidence);
            if (candidates.isEmpty()) {
                throw new IllegalArgumentException("no candidate");
            }
        }
    }

    /// Nowhere, and trying again will not help.
    ///
    /// @param status of kind 5
    /// @param why a sentence for the sender
    record Never(EnhancedStatus status, String why, List<LookUp> evidence) implements Exchangers {
        public Never {
            evidence = List.copyOf(evidence);
        }
    }

    /// Nobody knows now; try again later.
    ///
    /// @param status of kind 4
    /// @param why a sentence for the sender
    record Later(EnhancedStatus status, String why, List<LookUp> evidence) implements Exchangers {
        public Later {
            evidence = List.copyOf(evidence);
        }
    }

    /// One question and what came of it, in words.
    ///
    /// @param question such as `MX example.org`
    /// @param answer such as `10 mx.example.org (authentic)`
    record LookUp(String question, String answer) {}

    /// The evidence as the inputs of a decision, in order.
    default Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        evidence().forEach(lookUp -> inputs.put(lookUp.question(), lookUp.answer()));
        return inputs;
    }
}
