package dev.postern.mailauth.dkim;

import dev.postern.mailauth.DnsEvidence;
import java.util.List;

/// What came of checking a signature by the keys that its signer publishes.
///
/// @param outcome pass, fail, policy, temperror or permerror
/// @param why a sentence for a human
/// @param key the key by which it passed, else the last that was tried
/// @param evidence what DNS said
public record KeyCheck(DkimOutcome outcome, String why, Key key, List<DnsEvidence> evidence) {
    public KeyCheck {
        evidence = List.copyOf(evidence);
    }

    /// Whether the signature is right.
    public boolean passed() {
        return outcome == DkimOutcome.PASS;
    }

    /// What is known of a key.
    ///
    /// @param bits its length, 0 if there is none
    /// @param testing t=y: whether it is in use or failing means nothing yet
    /// @param strict t=s: whether `i=` has to be in the very domain of `d=`
    public record Key(int bits, boolean testing, boolean strict) {
        /// No key.
        static final Key NONE = new Key(0, false, false);
    }
}
