package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import dev.postern.smtpclient.SmtpClient;

/// An open session and whom it is with.
///
/// @param route the route that it was opened for
/// @param host the server's name as it was looked up
record Session(Route route, String host, SmtpClient client) {
    /// Who said something.
    DeliveryOutcome.Remote remote(String words) {
        return new DeliveryOutcome.Remote(host, client.server().toString(), words);
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
    boolean isFitFor(Route next, Protection protection, SessionBounds bounds) {
        return serves(next)
                && (protection == Protection.USUAL || client.isProven())
                && client.transactions() < bounds.transactions()
                && client.idle().compareTo(bounds.idle()) < 0
                && isUsable();
    }

    /// Whether another route leads to the same server: an equal one, or to another inbox by the same transport.
    private boolean serves(Route next) {
        return switch (next) {
            case Route.Local local -> route.lane().equals(local.lane());
            case Route.Mx _, Route.Smarthost _, Route.Refused _ -> route.equals(next);
        };
    }
}
