package dev.postern.policy;

import dev.postern.event.Decision;
import dev.postern.smtp.Reply;
import java.time.Instant;
import java.util.Map;

/// What a policy says, with its reasons: enough to be told to the peer, to be kept, and to be understood later.
public sealed interface Verdict {
    /// The opinion of who has none; it is not recorded.
    static Verdict noOpinion() {
        return Accept.SILENT;
    }

    /// The name of the rule that spoke, in lower case with dashes; empty for {@link #noOpinion()} only.
    String rule();

    /// A sentence for the operator.
    String why();

    /// What the rule looked at, in the order of insertion.
    Map<String, String> inputs();

    /// One lower-case word.
    String word();

    /// A verdict that lets the session go on.
    sealed interface Permission extends Verdict {}

    /// A verdict that does not, with what the peer is told.
    sealed interface Refusal extends Verdict {
        /// What the peer is told; the id that `explain` understands is put behind it later.
        Reply reply();
    }

    /// Welcome.
    record Accept(String rule, String why, Map<String, String> inputs) implements Permission {
        private static final Accept SILENT = new Accept("", "", Map.of());

        @Override
        public String word() {
            return "accept";
        }
    }

    /// Refused for good.
    record Reject(String rule, String why, Map<String, String> inputs, Reply reply) implements Refusal {
        /// @throws IllegalArgumentException if the reply is not 5yz
        public Reject {
            if (!reply.isPermanent()) {
                throw new IllegalArgumentException("rejected with " + reply);
            }
        }

        @Override
        public String word() {
            return "reject";
        }
    }

    /// Refused for now.
    record Defer(String rule, String why, Map<String, String> inputs, Reply reply) implements Refusal {
        /// @throws IllegalArgumentException if the reply is not 4yz
        public Defer {
            if (!reply.isTransient()) {
                throw new IllegalArgumentException("deferred with " + reply);
            }
        }

        @Override
        public String word() {
            return "defer";
        }
    }

    /// Taken, but held for an operator to look at.
    record Quarantine(String rule, String why, Map<String, String> inputs) implements Permission {
        @Override
        public String word() {
            return "quarantine";
        }
    }

    /// Answered as if taken, and thrown away; only ever because an operator has said so, and always recorded.
    record Discard(String rule, String why, Map<String, String> inputs) implements Permission {
        @Override
        public String word() {
            return "discard";
        }
    }

    /// Whether there is an opinion, worth to be recorded.
    default boolean isOpinion() {
        return !rule().isEmpty();
    }

    /// The verdict as it is kept.
    default Decision decision(Instant at, Stage stage) {
        return new Decision(at, stage.label(), rule(), word(), why(), inputs());
    }
}
