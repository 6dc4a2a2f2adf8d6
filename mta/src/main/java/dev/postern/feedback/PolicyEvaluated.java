package dev.postern.feedback;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What DMARC came to: `policy_evaluated`.
///
/// @param disposition what was done
/// @param dkim whether an aligned domain had signed
/// @param spf whether SPF passed for an aligned domain
/// @param reasons why something else was done than the policy asks for, at most {@value
///     #MOST_REASONS}
/// @rfc 9990 §3.1.1.9, §3.1.6
public record PolicyEvaluated(Disposition disposition, Aligned dkim, Aligned spf, List<Reason> reasons) {
    /// The most reasons that a row names.
    public static final int MOST_REASONS = 20;

    /// Whether a mechanism vouches for an aligned domain.
    public enum Aligned {
        /// It does.
        PASS,
        /// It does not.
        FAIL;

        /// The value for an answer.
        public static Aligned of(boolean aligned) {
            return aligned ? PASS : FAIL;
        }

        /// The word in reports.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Why something else was done than the policy asks for: `reason`.
    ///
    /// @param comment more about it, on one line
    public record Reason(OverrideType type, Optional<String> comment) {
        /// A comment is made harmless.
        public Reason {
            comment = Words.optional(comment);
        }
    }

    /// The kinds of reasons.
    public enum OverrideType {
        /// The receiver's own rules exempted the message.
        LOCAL_POLICY,
        /// It seems to have come by a mailing list.
        MAILING_LIST,
        /// The policy is only tested.
        POLICY_TEST_MODE,
        /// A forwarder that the receiver trusts handed it over.
        TRUSTED_FORWARDER,
        /// Another; the comment may tell.
        OTHER;

        /// The word in reports.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException if there are too many reasons
    public PolicyEvaluated {
        reasons = List.copyOf(reasons);
        if (reasons.size() > MOST_REASONS) {
            throw new IllegalArgumentException(reasons.size() + " reasons, allowed are " + MOST_REASONS);
        }
    }

    /// Whether the messages passed DMARC.
    public boolean passes() {
        return dkim == Aligned.PASS || spf == Aligned.PASS;
    }
}
