package dev.postern.mailauth.spf;

/// What is wrong with a piece of a record, on its way from the rule that saw it to the parser;
/// never leaves this package.
final class BadTerm extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param what a sentence that says what to write instead
    BadTerm(String what) {
        super(what, null, false, false);
    }

    /// What is wrong, as a sentence.
    String what() {
        return String.valueOf(getMessage());
    }
}
