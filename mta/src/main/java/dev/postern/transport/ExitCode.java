package dev.postern.transport;

import java.util.Map;
import java.util.Optional;

/// What the exit codes of mail programs mean: the convention of BSD's sysexits.h.
final class ExitCode {
    private static final int TEMPORARY_FAILURE = 75;

    /// A permanent failure: its status and what the code means.
    private record Meaning(String status, String words) {}

    private static final Map<Integer, Meaning> PERMANENT = Map.ofEntries(
            Map.entry(64, new Meaning("5.3.0", "was called wrongly (EX_USAGE)")),
            Map.entry(65, new Meaning("5.6.0", "did not understand the message (EX_DATAERR)")),
            Map.entry(66, new Meaning("5.3.0", "found no input (EX_NOINPUT)")),
            Map.entry(67, new Meaning("5.1.1", "does not know the recipient (EX_NOUSER)")),
            Map.entry(68, new Meaning("5.1.2", "does not know the host (EX_NOHOST)")),
            Map.entry(69, new Meaning("5.3.0", "lacks a service (EX_UNAVAILABLE)")),
            Map.entry(70, new Meaning("5.3.0", "failed within (EX_SOFTWARE)")),
            Map.entry(71, new Meaning("5.3.0", "failed in the system (EX_OSERR)")),
            Map.entry(72, new Meaning("5.3.0", "lacks a system file (EX_OSFILE)")),
            Map.entry(73, new Meaning("5.2.0", "cannot create its output (EX_CANTCREAT)")),
            Map.entry(74, new Meaning("5.3.0", "had an input/output error (EX_IOERR)")),
            Map.entry(76, new Meaning("5.5.0", "met a protocol error (EX_PROTOCOL)")),
            Map.entry(77, new Meaning("5.7.0", "was not permitted (EX_NOPERM)")),
            Map.entry(78, new Meaning("5.3.5", "is configured wrongly (EX_CONFIG)")));

    private ExitCode() {}

    /// The outcome of a program that ended by itself; a code outside the convention defers, since nobody knows what
    /// it means.
    static DeliveryOutcome outcome(int code, String output) {
        String said = output.isEmpty() ? "" : ": " + output;
        if (code == 0) {
            return LocalStops.delivered("pipe");
        }
        if (code == TEMPORARY_FAILURE) {
            return LocalStops.deferred("4.3.0", "the program asks to try again (EX_TEMPFAIL)" + said);
        }
        return Optional.ofNullable(PERMANENT.get(code))
                .map(m -> LocalStops.failed(m.status(), "the program " + m.words() + said))
                .orElseGet(() -> LocalStops.deferred("4.3.0", "the program ended with code " + code + said));
    }
}
