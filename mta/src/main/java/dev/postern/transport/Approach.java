package dev.postern.transport;

import dev.postern.smtpclient.Encryption;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.tls.CertificateCheck;
import dev.postern.tls.ClientTls;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.hops.HopDecision;
import java.util.List;
import java.util.Optional;

/// How a host is approached for one message.
sealed interface Approach {
    /// What was decided.
    HopDecision decision();

    /// A session is opened with it.
    ///
    /// @param plan how it is opened
    /// @param secondPlan how it is opened again, where the TLS handshake fails
    /// @param check what must be found, or is looked for, in the certificate
    /// @param handshake how TLS is begun; empty where no other session is compared with this one
    record Try(
            HopDecision.Use decision,
            SessionPlan plan,
            Optional<SessionPlan> secondPlan,
            CertificateCheck check,
            Optional<Handshake> handshake)
            implements Approach {
        /// One that nobody demands anything of.
        static Try plain(TlsRequirement requirement, SessionPlan plan, Optional<SessionPlan> secondPlan) {
            return new Try(
                    new HopDecision.Use(requirement, HopDecision.Watch.nothing(), Optional.empty(), List.of()),
                    plan,
                    secondPlan,
                    CertificateCheck.none(),
                    Optional.empty());
        }

        /// How a session was to be protected, and was.
        DeliveryOutcome.Security security(Encryption encryption) {
            return new DeliveryOutcome.Security(decision.requirement().words(), why(), encryption);
        }
    }

    /// How TLS is begun with a host.
    ///
    /// @param tls the versions that are spoken and the certificate that we show; the same object for the same
    /// @param serverName what is sent as SNI
    record Handshake(ClientTls tls, String serverName) {}

    /// It is passed over.
    record PassOver(HopDecision.PassOver decision) implements Approach {}

    /// Why, in one text of bounded length.
    default String why() {
        StringBuilder why = new StringBuilder();
        for (HopDecision.Reason reason : decision().reasons()) {
            why.append(why.isEmpty() ? "" : "; ")
                    .append(reason.asked())
                    .append(": ")
                    .append(reason.found());
        }
        return why.length() <= Attempt.LONGEST_WHY ? why.toString() : why.substring(0, Attempt.LONGEST_WHY) + " ...";
    }
}
