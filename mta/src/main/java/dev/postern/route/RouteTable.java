package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.ReversePath;
import java.util.Optional;

/// The router that asks an {@link AddressTable} and the rules for mail that leaves; never changes, and may be shared
/// by all threads.
///
/// Recipients in the queue are past their aliases already. One that has become an alias since then is followed where
/// that leads to one address; mail is never copied here.
public final class RouteTable implements Router {
    private static final EnhancedStatus ALIAS_CHANGED = EnhancedStatus.of("5.1.6");

    private final AddressTable addresses;
    private final DomainMap<Optional<SmarthostSettings>> to;
    private final DomainMap<Optional<SmarthostSettings>> from;
    private final Optional<SmarthostSettings> all;
    private final Optional<Route.Smarthost> fallback;
    private final DomainMap<Integer> ports;
    private final int port;

    /// Of two rules about the same mail the first decides.
    public RouteTable(AddressTable addresses, RouteSettings settings) {
        DomainMap.Builder<Optional<SmarthostSettings>> recipients = new DomainMap.Builder<>();
        DomainMap.Builder<Optional<SmarthostSettings>> senders = new DomainMap.Builder<>();
        Optional<Optional<SmarthostSettings>> everything = Optional.empty();
        for (SmarthostRule rule : settings.rules()) {
            switch (rule.mail()) {
                case SmarthostRule.Mail.To mail -> recipients.add(mail.domains(), rule.host());
                case SmarthostRule.Mail.From mail -> senders.add(mail.domains(), rule.host());
                case SmarthostRule.Mail.All mail -> everything = everything.or(() -> Optional.of(rule.host()));
            }
        }
        this.addresses = addresses;
        this.to = recipients.build();
        this.from = senders.build();
        this.all = everything.flatMap(host -> host);
        this.fallback = settings.fallback().map(Route.Smarthost::new);
        this.ports = new DomainMap<>(settings.ports());
        this.port = settings.port();
    }

    @Override
    public Route route(ForwardPath recipient, ReversePath sender) {
        return switch (recipient) {
            case Postmaster postmaster -> meant(postmaster, sender);
            case Mailbox mailbox -> {
                Optional<OwnDomain> own = addresses.own(mailbox);
                yield own.isPresent() ? local(mailbox, own.get(), sender) : meant(mailbox, sender);
            }
        };
    }

    private Route local(Mailbox mailbox, OwnDomain domain, ReversePath sender) {
        return direct(mailbox, domain).orElseGet(() -> meant(mailbox, sender));
    }

    /// The program or the inbox of an address of ours, whatever aliases there are.
    private Optional<Route> direct(Mailbox mailbox, OwnDomain domain) {
        Optional<Route> program =
                addresses.program(mailbox).map(found -> new Route.Local(found.transport(), mailbox, Optional.empty()));
        return program.isPresent()
                ? program
                : addresses
                        .inbox(mailbox, domain)
                        .map(inbox -> new Route.Local(domain.transport(), inbox.inbox(), inbox.detail()));
    }

    private Route meant(ForwardPath recipient, ReversePath sender) {
        return switch (addresses.destination(recipient)) {
            case Destination.Inbox inbox -> inbox(inbox);
            case Destination.Alias alias -> onlyTarget(alias, recipient, sender);
            case Destination.Relayed relayed -> relay(relayed.domain());
            case Destination.Remote remote -> away(remote.host(), sender);
            case Destination.Unknown unknown -> new Route.Refused(unknown.status(), unknown.why());
        };
    }

    private Route inbox(Destination.Inbox inbox) {
        return addresses
                .own(inbox.inbox())
                .<Route>map(domain -> new Route.Local(domain.transport(), inbox.inbox(), inbox.detail()))
                .orElseThrow(() -> new IllegalStateException("an inbox outside of our domains: " + inbox.inbox()));
    }

    private Route onlyTarget(Destination.Alias alias, ForwardPath recipient, ReversePath sender) {
        ForwardPath target = alias.targets().getFirst();
        if (alias.targets().size() > 1 || target.equals(recipient)) {
            return new Route.Refused(ALIAS_CHANGED, "the address has changed its meaning while the message waited");
        }
        return switch (target) {
            case Postmaster postmaster -> new Route.Refused(ALIAS_CHANGED, "an alias leads to no address");
            case Mailbox mailbox -> {
                Optional<OwnDomain> own = addresses.own(mailbox);
                yield own.isEmpty()
                        ? meant(mailbox, sender)
                        : direct(mailbox, own.get())
                                .orElseGet(() -> new Route.Refused(ALIAS_CHANGED, "the alias leads to nobody"));
            }
        };
    }

    private Route relay(DomainName domain) {
        Optional<SmarthostSettings> host = addresses.relay(domain).flatMap(RelayDomain::host);
        return host.isPresent()
                ? new Route.Smarthost(host.get())
                : new Route.Mx(new Host.Domain(domain), port(domain), true, Optional.empty());
    }

    private Route away(Host host, ReversePath sender) {
        Optional<SmarthostSettings> smarthost = switch (host) {
            case Host.Domain domain -> to.closest(domain.name()).orElseGet(() -> bySender(sender));
            case Host.AddressLiteral literal -> bySender(sender);
        };
        int where = switch (host) {
            case Host.Domain domain -> port(domain.name());
            case Host.AddressLiteral literal -> port;
        };
        return smarthost.isPresent()
                ? new Route.Smarthost(smarthost.get())
                : new Route.Mx(host, where, false, fallback);
    }

    private Optional<SmarthostSettings> bySender(ReversePath sender) {
        return switch (sender) {
            case NullPath report -> all;
            case Mailbox mailbox ->
                switch (mailbox.host()) {
                    case Host.Domain domain -> from.closest(domain.name()).orElse(all);
                    case Host.AddressLiteral literal -> all;
                };
        };
    }

    private int port(DomainName domain) {
        return ports.closest(domain).orElse(port);
    }
}
