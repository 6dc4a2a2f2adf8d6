package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.policy.SessionFacts;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Reply;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// VRFY, EXPN and ETRN: what a client asks for beside taking its mail. Strangers learn nothing by any of them.
///
/// @rfc 5321 §3.5, §7.3
final class Inquiries {
    private final Front front;
    private final SessionCore core;
    private final SessionServices services;

    Inquiries(SessionCore core) {
        this.core = core;
        this.front = core.settings().front();
        this.services = core.services();
    }

    /// The extensions that this client alone is offered.
    Set<Extension> granted(SessionFacts facts) {
        return facts.address().filter(front.etrn()::knows).isPresent() ? Set.of(Extension.ETRN) : Set.of();
    }

    /// The reply to VRFY.
    Reply verify(SessionFacts facts, String text) {
        return told("VRFY", lookups(facts).map(all -> all.verify(text)).orElse(Replies.CANNOT_VERIFY));
    }

    /// Whether EXPN is answered to this client.
    boolean expands(SessionFacts facts) {
        return lookups(facts).isPresent();
    }

    /// The reply to EXPN.
    Reply expand(SessionFacts facts, String text) {
        return told("EXPN", lookups(facts).map(all -> all.expand(text)).orElse(Replies.NO_EXPANSION));
    }

    private Optional<Lookups> lookups(SessionFacts facts) {
        return front.lookups().filter(all -> services.policies().trusts(facts));
    }

    /// The reply to ETRN: a host that is not listed for a domain does not learn whether we carry mail for it.
    ///
    /// @rfc 1985 §5.3
    Reply start(SessionFacts facts, DomainName node) {
        Optional<InetAddress> host =
                facts.address().filter(address -> front.etrn().permits(address, node));
        if (host.isEmpty()) {
            return told("ETRN", Replies.NODE_NOT_ALLOWED);
        }
        QueueStarter.Outcome outcome = services.queueStarter().start(node);
        services.events().emit(new SessionEvent.QueueAsked(facts.session(), facts.peer(), node, outcome));
        return switch (outcome) {
            case STARTED, STARTED_ALREADY -> Replies.NODE_STARTED;
            case UNABLE -> told("ETRN", Replies.NODE_UNABLE);
        };
    }

    private Reply told(String verb, Reply reply) {
        if (!reply.isPositive()) {
            core.refused("protocol", "inquiry", reply, Map.of("verb", verb));
        }
        return reply;
    }
}
