package dev.postern.app;

/// A command that cannot do what it was asked: one sentence for the administrator and an exit code.
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /// Something went wrong.
    static final int FAILED = 1;
    /// The program has made a mistake (sysexits.h EX_SOFTWARE).
    static final int MISTAKE = 70;
    /// A temporary failure (EX_TEMPFAIL).
    static final int TEMPORARY = 75;
    /// The configuration is wrong (EX_CONFIG).
    static final int CONFIGURATION = 78;

    private final int exitCode;

    Failure(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    Failure(String sentence) {
        this(FAILED, sentence);
    }

    int exitCode() {
        return exitCode;
    }
}
