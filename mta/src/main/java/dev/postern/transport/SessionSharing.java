package dev.postern.transport;

import dev.postern.dns.DomainName;
import dev.postern.route.Route;
import dev.postern.route.Site;
import dev.postern.route.Sites;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsState;
import java.util.Optional;

/// Decides whether a session that was opened for one mail domain may carry a message of another: only if a session that
/// is opened for that message now could not be better protected in any way. Where in doubt it is not.
///
/// What the other domain demands is decided as if a session were to be opened, and held against what was shown and
/// agreed in this one; nothing is taken over from what was decided for the first domain.
final class SessionSharing {
    private final NextHops hops;

    SessionSharing(NextHops hops) {
        this.hops = hops;
    }

    /// What was decided.
    sealed interface Verdict {
        /// It may.
        ///
        /// @param session as it is for the other domain
        record Yes(Session session) implements Verdict {}

        /// It may not.
        ///
        /// @param why a few words
        record No(String why) implements Verdict {}
    }

    /// Whether a session may carry a message on another route than that for which it was opened.
    Verdict of(Session opened, Route route, TlsWish wish) {
        Optional<Site> site = opened.site();
        Optional<Sites.Place> place = hops.place(route);
        Optional<DomainName> name = opened.hop().known().name();
        if (!opened.through().equals(opened.keptFor()) || site.isEmpty() || place.isEmpty() || name.isEmpty()) {
            return new Verdict.No("one of the domains shares its hosts with no other");
        }
        boolean sameHosts =
                site.equals(place.map(Sites.Place::site)) && site.get().has(name.get());
        if (!sameHosts || port(opened.keptFor()) != port(route)) {
            return new Verdict.No("the domains have other hosts");
        }
        HopHost known = HopHost.named(name.get(), place.get().authentic());
        NextHops.Hop hop = new NextHops.Hop(opened.hop().host(), opened.hop().server(), known);
        return switch (hops.way(route, wish).to(hop)) {
            case Approach.PassOver _ -> new Verdict.No("the host is passed over for this domain");
            case Approach.Try approach ->
                compared(opened, approach, wish)
                        .<Verdict>map(Verdict.No::new)
                        .orElseGet(() -> proven(opened, new Wanted(route, known, approach)));
        };
    }

    /// What is wanted of a session for the other domain.
    private record Wanted(Route route, HopHost known, Approach.Try approach) {}

    private static int port(Route route) {
        return route instanceof Route.Mx mx ? mx.port() : 0;
    }

    /// Why another session would be another one than this; empty if it would not.
    private static Optional<String> compared(Session opened, Approach.Try approach, TlsWish wish) {
        if (approach.handshake().isEmpty()
                || !approach.handshake().equals(opened.approach().handshake())) {
            return Optional.of(
                    "TLS would be begun in another way: versions, our certificate, or the name of the server");
        }
        if (!approach.decision().watch().equals(HopDecision.Watch.nothing())) {
            return Optional.of("how a session for this domain goes is to be reported on");
        }
        boolean proofIsWanted = wish == TlsWish.REQUIRED || wish == TlsWish.PREFERRED;
        if (proofIsWanted
                && !(approach.decision().requirement().isProof()
                        && opened.client().isProven())) {
            return Optional.of("the sender wants a server that is proven for both");
        }
        return Optional.empty();
    }

    /// Holds what the other domain demands against what this session has.
    private static Verdict proven(Session opened, Wanted wanted) {
        Optional<TlsState> tls = opened.client().tls();
        Approach.Try approach = wanted.approach();
        return switch (approach.decision().requirement()) {
            case TlsRequirement.None _ -> yes(opened, wanted, Optional.empty());
            case TlsRequirement.May _ ->
                tls.isPresent() || opened.approach().decision().requirement() instanceof TlsRequirement.May
                        ? yes(opened, wanted, Optional.empty())
                        : new Verdict.No("TLS was not tried");
            case TlsRequirement.Encrypt _ ->
                tls.isPresent() ? yes(opened, wanted, Optional.empty()) : new Verdict.No("the session is in the clear");
            case TlsRequirement.Verified _, TlsRequirement.Fingerprint _, TlsRequirement.Dane _ -> {
                Optional<PeerCheck> found = tls.map(state -> approach.check().check(state.peerChain()));
                yield found.filter(PeerCheck::isProven).isPresent()
                        ? yes(opened, wanted, found)
                        : new Verdict.No("the certificate that was shown does not prove what this domain demands");
            }
        };
    }

    private static Verdict yes(Session opened, Wanted wanted, Optional<PeerCheck> found) {
        return new Verdict.Yes(opened.as(wanted.route(), wanted.known(), wanted.approach(), found));
    }
}
