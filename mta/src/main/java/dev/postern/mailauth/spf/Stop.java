package dev.postern.mailauth.spf;

/// The end of a check with an error, from wherever it was seen; never leaves this package.
final class Stop extends Exception {
    private static final long serialVersionUID = 1L;

    private final SpfOutcome outcome;

    private Stop(SpfOutcome outcome, String problem) {
        super(problem, null, false, false);
        this.outcome = outcome;
    }

    /// DNS did not answer.
    static Stop temporary(String problem) {
        return new Stop(SpfOutcome.TEMPERROR, problem);
    }

    /// The record cannot be followed.
    static Stop permanent(String problem) {
        return new Stop(SpfOutcome.PERMERROR, problem);
    }

    SpfOutcome outcome() {
        return outcome;
    }

    /// The problem in words.
    String problem() {
        return String.valueOf(getMessage());
    }
}
