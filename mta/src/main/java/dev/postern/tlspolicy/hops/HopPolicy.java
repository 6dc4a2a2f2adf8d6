package dev.postern.tlspolicy.hops;

import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.dane.DaneSource;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one place that decides which protection a next hop must have; used by any number of threads, keeps nothing.
///
/// The order: what the configuration demands of the destination, unless it leaves that to the destination; what the
/// sender wishes; DANE; MTA-STS, where DANE does not apply (RFC 8461 §2); else encryption where it is offered.
/// Deciding sends nothing but the questions to DNS and to the servers of policies.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7672 RFC 7672 §2.2
/// @spec https://www.rfc-editor.org/rfc/rfc8461 RFC 8461 §5
/// @spec https://www.rfc-editor.org/rfc/rfc8689 RFC 8689 §4.2
public final class HopPolicy {
    private final Usual usual;
    private final DestinationPolicies configured;
    private final DaneSource dane;
    private final StsSource sts;

    /// What holds for mail domains of which the configuration says nothing.
    public enum Usual {
        /// What DANE and MTA-STS ask for, else TLS where it is offered.
        PUBLISHED,
        /// No TLS, but for mail that requires it.
        CLEAR
    }

    /// Goes by what is configured, and by what is published.
    public HopPolicy(Usual usual, DestinationPolicies configured, DaneSource dane, StsSource sts) {
        this.usual = usual;
        this.configured = configured;
        this.dane = dane;
        this.sts = sts;
    }

    /// Encryption where it is offered, and nothing more.
    public static HopPolicy opportunistic() {
        return new HopPolicy(Usual.PUBLISHED, DestinationPolicies.none(), DaneSource.none(), StsSource.none());
    }

    /// The way of one message to the hosts of a target.
    public Way way(Target target, TlsWish wish) {
        return new Way(target, wish);
    }

    /// Decides for the hosts of one target in turn, and asks each question once; used by one thread, for one attempt.
    public final class Way {
        private final Target target;
        private final TlsWish wish;
        private final Optional<DestinationPolicy> demanded;
        private final Map<HopHost, HopDecision> decisions = new HashMap<>();
        private @Nullable StsFinding policy;

        private Way(Target target, TlsWish wish) {
            this.target = target;
            this.wish = wish;
            this.demanded = target.destination().flatMap(configured::of);
        }

        /// What a session with this host must have. Blocks while DNS and the server of the policy are asked.
        public HopDecision decide(HopHost host) {
            HopDecision known = decisions.get(host);
            if (known == null) {
                known = new Course(this, host).decide();
                decisions.put(host, known);
            }
            return known;
        }

        Target target() {
            return target;
        }

        TlsWish wish() {
            return wish;
        }

        Optional<DestinationPolicy> demanded() {
            return demanded;
        }

        /// Whether nothing is encrypted where nobody demands it.
        boolean clearByDefault() {
            return usual == Usual.CLEAR && !(target instanceof Target.GivenHost);
        }

        DaneFinding dane(DomainName host) {
            return dane.of(host, target.port());
        }

        StsFinding sts(DomainName domain) {
            StsFinding known = policy;
            if (known == null) {
                known = sts.of(domain);
                policy = known;
            }
            return known;
        }
    }
}
