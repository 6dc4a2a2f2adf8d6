package dev.postern.mailauth.dkim;

/// Why a signature is not even tried: its message is a sentence for a human.
public final class SignatureFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final DkimOutcome outcome;

    SignatureFault(DkimOutcome outcome, String why) {
        super(why);
        this.outcome = outcome;
    }

    /// A field that is not written as a signature is.
    public static SignatureFault syntax(String why) {
        return new SignatureFault(DkimOutcome.NEUTRAL, why);
    }

    /// A signature that can never be right.
    public static SignatureFault permanent(String why) {
        return new SignatureFault(DkimOutcome.PERMERROR, why);
    }

    /// What becomes of the signature.
    public DkimOutcome outcome() {
        return outcome;
    }

    /// The sentence.
    public String why() {
        return String.valueOf(getMessage());
    }
}
