package dev.postern.mailauth.dkim;

import dev.postern.dns.DomainName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What became of all DKIM-Signatures of a message.
///
/// @param each one for each signature that was looked at, from top to bottom
/// @param notLookedAt how many more signatures there were
public record DkimResults(List<DkimResult> each, int notLookedAt) {
    public DkimResults {
        each = List.copyOf(each);
    }

    /// Those that passed.
    public Stream<DkimResult> passed() {
        return each.stream().filter(DkimResult::passed);
    }

    /// Whether a domain has signed, and the signature passed.
    public boolean isSignedBy(DomainName domain) {
        return passed().anyMatch(result -> result.claim().domain().equals(Optional.of(domain)));
    }

    /// One word for all: pass if one passed, else temperror if one may pass later, else what became
    /// of the topmost; none if there is no signature.
    public DkimOutcome outcome() {
        if (each.isEmpty()) {
            return DkimOutcome.NONE;
        }
        return Stream.of(DkimOutcome.PASS, DkimOutcome.TEMPERROR)
                .filter(word -> each.stream().anyMatch(result -> result.outcome() == word))
                .findFirst()
                .orElse(each.getFirst().outcome());
    }
}
