package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Dialect;
import dev.postern.smtpclient.Login;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SessionPlan.Proof;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.tls.CertificateCheck;
import dev.postern.tls.ClientTls;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.TlsRequirement.Basis;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.Target;
import dev.postern.wire.TlsUpgrade;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Makes of what was decided for a host how a session with it is opened.
final class HopPlans {
    private final Encrypting encrypting;
    private final InstantSource clock;

    HopPlans(Encrypting encrypting, InstantSource clock) {
        this.encrypting = encrypting;
        this.clock = clock;
    }

    /// How a host of a route is tried.
    Approach.Try of(Route route, Target target, String host, HopDecision.Use decision) {
        ClientTls tls = encrypting.tls().with(target.destination());
        TlsRequirement requirement = decision.requirement();
        TlsRequirement looked = decision.watch()
                .wanted()
                .filter(wanted -> !requirement.isChecked())
                .orElse(requirement);
        CertificateCheck check = new CertificateChecks(tls.roots(), encrypting.dane(), clock).of(looked);
        Approach.Handshake handshake = new Approach.Handshake(tls, looked.serverName(host));
        TlsUpgrade upgrade = tls.checked(handshake.serverName(), check);
        SessionPlan plan = new SessionPlan(
                Dialect.Protocol.SMTP, choice(route, requirement, upgrade), proof(requirement, looked), login(route));
        boolean goesWithout = requirement instanceof TlsRequirement.May;
        return new Approach.Try(
                decision,
                plan,
                goesWithout ? Optional.of(plan.inTheClear()) : Optional.empty(),
                check,
                Optional.of(handshake));
    }

    private static TlsChoice choice(Route route, TlsRequirement requirement, TlsUpgrade upgrade) {
        if (route instanceof Route.Smarthost(SmarthostSettings given)
                && given.tls() == SmarthostSettings.Tls.IMPLICIT) {
            return new TlsChoice.Implicit(upgrade);
        }
        return switch (requirement) {
            case TlsRequirement.None _ -> new TlsChoice.None();
            case TlsRequirement.May _ -> new TlsChoice.Opportunistic(upgrade);
            case TlsRequirement.Encrypt _,
                    TlsRequirement.Verified _,
                    TlsRequirement.Fingerprint _,
                    TlsRequirement.Dane _ -> new TlsChoice.Required(upgrade);
        };
    }

    /// What a certificate is worth: that of a host that only a policy for tests names proves nothing (RFC 8461 §5).
    private static Proof proof(TlsRequirement requirement, TlsRequirement looked) {
        if (requirement.isChecked()) {
            return requirement.isProof() ? Proof.VERIFIED : Proof.NAMED;
        }
        return looked instanceof TlsRequirement.Verified(List<String> _, Basis basis)
                        && (basis == Basis.DNSSEC || basis == Basis.CONFIGURED)
                ? Proof.HOPED
                : Proof.NONE;
    }

    private static Optional<Login> login(Route route) {
        return route instanceof Route.Smarthost(SmarthostSettings given)
                ? given.login().map(l -> new Login(l.user(), l.password(), given.mustBeProven()))
                : Optional.empty();
    }
}
