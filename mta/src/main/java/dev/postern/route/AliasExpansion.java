package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Follows one alias to everybody it means, each once; used once.
///
/// A name that leads to nobody stays among the targets, so that its mail is returned and not lost, and is a fault.
final class AliasExpansion {
    /// How deep aliases may lead to aliases.
    static final int MAX_DEPTH = 16;

    /// How many targets one alias may have in the end.
    static final int MAX_TARGETS = 10_000;

    private final LocalAddresses addresses;
    private final Set<String> under = new LinkedHashSet<>();
    private final Set<String> done = new HashSet<>();
    private final Set<ForwardPath> targets = new LinkedHashSet<>();
    private final List<Aliases.Fault> faults = new ArrayList<>();

    AliasExpansion(LocalAddresses addresses) {
        this.addresses = addresses;
    }

    /// The targets found, in order.
    List<ForwardPath> targets() {
        return List.copyOf(targets);
    }

    /// What was wrong on the way.
    List<Aliases.Fault> faults() {
        return faults;
    }

    /// Follows an alias.
    void follow(LocalAddresses.Listed alias) {
        String id = id(alias);
        under.add(id);
        for (Aliases.Target target : alias.entry().targets()) {
            if (targets.size() >= MAX_TARGETS) {
                fault(target.place(), "the alias " + id + " has more than " + MAX_TARGETS + " targets; split it");
                break;
            }
            switch (target) {
                case Aliases.Target.Name name -> name(alias, name);
                case Aliases.Target.Address address -> address(alias, address);
                case Aliases.Target.Run run -> targets.add(run.program().address(alias.domain()));
            }
        }
        under.remove(id);
        done.add(id);
    }

    private static String id(LocalAddresses.Listed alias) {
        return switch (alias.entry().key()) {
            case Aliases.Key.Name name -> name.local() + "@" + alias.domain();
            case Aliases.Key.Address address -> address.toString();
            case Aliases.Key.CatchAll all -> all.toString();
        };
    }

    /// A name is looked for in the domain that the alias was reached in, then in the first of ours.
    private void name(LocalAddresses.Listed from, Aliases.Target.Name target) {
        List<OwnDomain> domains = new ArrayList<>();
        addresses.own(from.domain()).ifPresent(domains::add);
        addresses.primary().filter(domain -> !domains.contains(domain)).ifPresent(domains::add);
        for (OwnDomain domain : domains) {
            if (take(from, target.local(), domain, addresses.named(target.local(), domain), target.place())) {
                return;
            }
        }
        nobody(target.place(), Mailbox.of(target.local(), from.domain()));
    }

    private void address(LocalAddresses.Listed from, Aliases.Target.Address target) {
        Mailbox mailbox = target.mailbox();
        Optional<OwnDomain> domain =
                mailbox.host() instanceof Host.Domain(DomainName name) ? addresses.own(name) : Optional.empty();
        if (domain.isEmpty()) {
            targets.add(mailbox);
            return;
        }
        String local = mailbox.localPart().value();
        if (!take(from, local, domain.get(), addresses.meaning(local, domain.get()), target.place())) {
            nobody(target.place(), mailbox);
        }
    }

    /// Whether it is somebody.
    private boolean take(
            LocalAddresses.Listed from,
            String local,
            OwnDomain domain,
            LocalAddresses.Meaning meaning,
            Aliases.Place place) {
        return switch (meaning) {
            case LocalAddresses.Inbox inbox -> {
                targets.add(with(inbox, from.detail()));
                yield true;
            }
            case LocalAddresses.Listed alias ->
                id(alias).equals(id(from)) ? ownInbox(from, local, domain) : descend(alias, from.detail(), place);
            case LocalAddresses.Nobody nobody -> false;
        };
    }

    /// An alias that names itself means the inbox of that name; a catch-all has none.
    private boolean ownInbox(LocalAddresses.Listed from, String local, OwnDomain domain) {
        Optional<LocalAddresses.Inbox> inbox = addresses.inbox(local, domain);
        inbox.ifPresent(found -> targets.add(with(found, from.detail())));
        return inbox.isPresent();
    }

    private boolean descend(LocalAddresses.Listed alias, Optional<String> detail, Aliases.Place place) {
        String id = id(alias);
        if (under.contains(id)) {
            fault(
                    place,
                    "the aliases lead in a circle: " + String.join(" -> ", under) + " -> " + id + "; break it here");
        } else if (under.size() >= MAX_DEPTH) {
            fault(place, "the aliases lead through more than " + MAX_DEPTH + " aliases; name the last targets at once");
        } else if (!done.contains(id)) {
            follow(
                    alias.detail().isPresent()
                            ? alias
                            : new LocalAddresses.Listed(alias.entry(), alias.domain(), detail));
        }
        return true;
    }

    private void nobody(Aliases.Place place, Mailbox target) {
        targets.add(target);
        fault(
                place,
                target + " is nobody here: there is no such inbox or alias; correct the name, or create the account");
    }

    /// An inbox with the subaddress that the alias was reached with, where it has none of its own and there is room.
    private Mailbox with(LocalAddresses.Inbox inbox, Optional<String> handedOn) {
        Mailbox address = inbox.address();
        Optional<String> detail = inbox.detail().or(() -> handedOn);
        if (detail.isEmpty()) {
            return address;
        }
        String local = address.localPart().value() + addresses.separator() + detail.get();
        boolean fits = local.getBytes(StandardCharsets.UTF_8).length <= LocalPart.MAX_OCTETS;
        return fits ? new Mailbox(new LocalPart(local), address.host()) : address;
    }

    private void fault(Aliases.Place place, String what) {
        faults.add(new Aliases.Fault(place, what));
    }
}
