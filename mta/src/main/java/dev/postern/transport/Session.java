package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.route.Site;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import dev.postern.smtpclient.Encryption;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsState;
import java.util.Optional;

/// An open session and whom it is with.
///
/// @param keptFor the route whose mail it may carry
/// @param through the route that led to the host: the same, or its fallback
/// @param site the exchangers that the route had in common with others when it was opened; empty where it had none
/// @param hop the host
/// @param approach how it was approached
/// @param security how it was to be protected, and is
record Session(
        Route keptFor,
        Route through,
        Optional<Site> site,
        NextHops.Hop hop,
        Approach.Try approach,
        SmtpClient client,
        DeliveryOutcome.Security security) {
    /// As it is for the mail of another domain.
    ///
    /// @param known the host as it is known of that domain
    /// @param other how it would be approached for it
    /// @param found what the certificate that was shown proves by that; empty where it is not looked at
    Session as(Route route, HopHost known, Approach.Try other, Optional<PeerCheck> found) {
        Encryption encryption = found.map(client.encryption()::with).orElseGet(client::encryption);
        return new Session(
                route,
                route,
                site,
                new NextHops.Hop(hop.host(), hop.server(), known),
                other,
                client,
                other.security(encryption));
    }

    /// The server's name as it was looked up.
    String host() {
        return hop.host();
    }

    /// Who said something, and how the way there is protected.
    DeliveryOutcome.Remote remote(String words) {
        return new DeliveryOutcome.Remote(host(), client.server().toString(), words, security);
    }

    /// How a message was handed over: the server's words, and how the way was encrypted.
    String how(Reply reply) {
        return reply
                + client.tls()
                        .map(t -> " (" + t.protocol() + " " + t.cipher() + ")")
                        .orElse("");
    }

    /// Whether the server reports success itself where that was asked for.
    boolean speaksDsn() {
        return client.capabilities().has(Extension.DSN);
    }

    /// Whether it can have another transaction now.
    boolean isUsable() {
        return client.isUsable() && client.hasTransactionsLeft();
    }

    /// The most recipients of one transaction, by what the server announced (RFC 9422 §4.2).
    int recipientsAtOnce() {
        return client.capabilities().maxRecipients().orElse(Integer.MAX_VALUE);
    }

    /// Whether the server watches over the time within which a message is to be delivered.
    boolean keepsTime() {
        return client.capabilities().has(Extension.DELIVERBY);
    }

    /// Whether it can have another transaction within its bounds.
    boolean isFit(SessionBounds bounds) {
        return client.transactions() < bounds.transactions()
                && client.idle().compareTo(bounds.idle()) < 0
                && isUsable();
    }

    /// Whether its server still answers; asked only where it was idle for a while, since that costs a round trip.
    boolean answers(SessionBounds bounds) {
        return client.idle().compareTo(bounds.unasked()) < 0 || client.answers();
    }

    /// Whether it is protected as a session would have to be that is opened now.
    ///
    /// @param now how the host would be approached for the next message
    /// @param wish of the sender of that message
    boolean isProtectedAs(Approach now, TlsWish wish) {
        boolean proofIsWanted = wish == TlsWish.REQUIRED || wish == TlsWish.PREFERRED;
        return now instanceof Approach.Try other && (!proofIsWanted || client.isProven()) && has(other);
    }

    private boolean has(Approach.Try other) {
        return switch (other.decision().requirement()) {
            case TlsRequirement.None _, TlsRequirement.May _ -> true;
            case TlsRequirement.Encrypt _ -> client.tls().isPresent();
            case TlsRequirement.Verified _, TlsRequirement.Fingerprint _, TlsRequirement.Dane _ ->
                client.tls().filter(tls -> isProven(tls, other)).isPresent();
        };
    }

    private boolean isProven(TlsState tls, Approach.Try other) {
        boolean same = other.decision().requirement().equals(approach.decision().requirement());
        return same
                ? tls.peer().isProven()
                : other.check().check(tls.peerChain()).isProven();
    }

    /// Whether another route leads to the same server: an equal one, or to another inbox by the same transport.
    boolean serves(Route next) {
        return switch (next) {
            case Route.Local local -> keptFor.lane().equals(local.lane());
            case Route.Mx _, Route.Smarthost _, Route.Refused _ -> keptFor.equals(next);
        };
    }
}
