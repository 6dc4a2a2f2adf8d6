package dev.postern.reporting;

import dev.postern.reportstore.Observation;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.ReportClaim;
import dev.postern.reportstore.SessionPolicies;
import dev.postern.reportstore.SessionRow;
import dev.postern.tlspolicy.TlsTrial;
import java.util.Optional;
import java.util.function.Supplier;

/// Puts tries to open protected sessions into the ledger, where their reports are sent. Used by all attempts; costs a
/// hash of the policy and a lock that nobody holds for long.
///
/// @rfc 8460 §4
public final class TrialRecorder implements TlsTrial.Observer {
    private final ObservationLedger<SessionPolicies, SessionRow> ledger;
    private final Supplier<Optional<ReportingSettings>> settings;

    /// @param settings asked each time; nothing is counted that nobody will be told
    public TrialRecorder(
            ObservationLedger<SessionPolicies, SessionRow> ledger, Supplier<Optional<ReportingSettings>> settings) {
        this.ledger = ledger;
        this.settings = settings;
    }

    @Override
    public void tried(TlsTrial trial) {
        if (settings.get().filter(now -> now.sends(ReportClaim.Kind.TLS)).isPresent()) {
            ledger.observe(new Observation<>(
                    trial.policy().domain(), SessionPolicies.of(trial.policy()), SessionRow.of(trial)));
        }
    }
}
