package dev.postern.mailauth.spf;

/// What a directive says about the clients that its mechanism matches.
///
/// @rfc 7208 §4.6.2
public enum Qualifier {
    /// They may send.
    PASS('+', SpfOutcome.PASS),
    /// They may not.
    FAIL('-', SpfOutcome.FAIL),
    /// They probably may not.
    SOFTFAIL('~', SpfOutcome.SOFTFAIL),
    /// Nothing is said about them.
    NEUTRAL('?', SpfOutcome.NEUTRAL);

    private final char sign;
    private final SpfOutcome outcome;

    Qualifier(char sign, SpfOutcome outcome) {
        this.sign = sign;
        this.outcome = outcome;
    }

    /// The character in front of the mechanism; `+` may be left out.
    public char sign() {
        return sign;
    }

    /// What a check comes to when the mechanism matches.
    public SpfOutcome outcome() {
        return outcome;
    }
}
