package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds what does not fit together in address settings; used once.
final class AddressCheck {
    private static final int MAX_FAULTS = 100;

    private final AddressSettings settings;
    private final LocalAddresses addresses;
    private final Set<AddressTable.Fault> faults = new LinkedHashSet<>();

    AddressCheck(AddressSettings settings, LocalAddresses addresses) {
        this.settings = settings;
        this.addresses = addresses;
    }

    /// All faults, up to a hundred.
    List<AddressTable.Fault> faults() {
        domains();
        for (Aliases.Entry entry : settings.aliases().entries()) {
            if (faults.size() < MAX_FAULTS) {
                alias(entry);
            }
        }
        catchAlls();
        roles();
        return faults.stream().limit(MAX_FAULTS).sorted(AddressCheck::inOrder).toList();
    }

    private static int inOrder(AddressTable.Fault one, AddressTable.Fault other) {
        Aliases.Place a = place(one);
        Aliases.Place b = place(other);
        return a.line() == b.line() ? Integer.compare(a.column(), b.column()) : Integer.compare(a.line(), b.line());
    }

    private static Aliases.Place place(AddressTable.Fault fault) {
        return switch (fault) {
            case AddressTable.Fault.InAliases in -> in.place();
            case AddressTable.Fault.InSettings in -> LocalAddresses.CONFIGURATION;
        };
    }

    private void domains() {
        Set<DomainName> own = new HashSet<>();
        for (OwnDomain domain : settings.own()) {
            if (!own.add(domain.name())) {
                fault(
                        AddressTable.Setting.OWN_DOMAINS,
                        domain.name() + " stands twice among our own domains; remove one");
            }
        }
        Set<DomainPattern> relayed = new HashSet<>();
        for (RelayDomain relay : settings.relays()) {
            if (!relayed.add(relay.domains())) {
                fault(
                        AddressTable.Setting.RELAY_DOMAINS,
                        relay.domains() + " stands twice among the relay domains; remove one");
            }
            if (!relay.domains().below() && own.contains(relay.domains().domain())) {
                fault(
                        AddressTable.Setting.RELAY_DOMAINS,
                        relay.domains()
                                + " is one of our own domains and a relay domain; its inboxes are here or elsewhere,"
                                + " so remove it from one of them");
            }
        }
    }

    private void alias(Aliases.Entry entry) {
        switch (entry.key()) {
            case Aliases.Key.Name name -> {
                for (OwnDomain domain : settings.own()) {
                    if (settings.aliases().of(name.local(), domain.name()).equals(Optional.of(entry))) {
                        follow(entry, domain.name());
                    }
                }
            }
            case Aliases.Key.Address address -> inOwnDomain(entry, address.domain());
            case Aliases.Key.CatchAll all -> inOwnDomain(entry, all.domain());
        }
    }

    private void inOwnDomain(Aliases.Entry entry, DomainName domain) {
        if (addresses.own(domain).isPresent()) {
            follow(entry, domain);
        } else {
            faults.add(new AddressTable.Fault.InAliases(
                    entry.place(),
                    domain
                            + " is none of our own domains, so an alias in it is never asked; add the domain, or remove the"
                            + " alias"));
        }
    }

    private void follow(Aliases.Entry entry, DomainName domain) {
        AliasExpansion expansion = new AliasExpansion(addresses);
        expansion.follow(new LocalAddresses.Listed(entry, domain, Optional.empty()));
        for (Aliases.Fault fault : expansion.faults()) {
            if (!fault.place().equals(LocalAddresses.CONFIGURATION)) {
                faults.add(new AddressTable.Fault.InAliases(fault.place(), fault.what()));
            }
        }
    }

    private void catchAlls() {
        for (OwnDomain domain : settings.own()) {
            domain.catchAll()
                    .ifPresent(target ->
                            configured(AddressTable.Setting.CATCH_ALL, domain.name(), "@" + domain.name(), target));
        }
    }

    /// Every domain of ours, and the server itself, must have somebody for `postmaster` and `abuse`.
    private void roles() {
        if (settings.own().isEmpty() && settings.postmaster().isEmpty()) {
            fault(
                    AddressTable.Setting.POSTMASTER,
                    "nobody gets the mail for postmaster, which every server must accept (RFC 5321 §4.5.1); name an address");
        }
        for (OwnDomain domain : settings.own()) {
            for (String role : LocalAddresses.ROLES) {
                switch (addresses.named(role, domain)) {
                    case LocalAddresses.Inbox inbox -> {}
                    case LocalAddresses.Listed alias -> {
                        if (alias.entry().place().equals(LocalAddresses.CONFIGURATION)) {
                            settings.postmaster()
                                    .ifPresent(target ->
                                            configured(AddressTable.Setting.POSTMASTER, domain.name(), role, target));
                        }
                    }
                    case LocalAddresses.Nobody nobody ->
                        fault(
                                AddressTable.Setting.POSTMASTER,
                                "nobody gets the mail for " + role + "@" + domain.name()
                                        + "; name an address for it, create the account, or write an alias");
                }
            }
        }
    }

    private void configured(AddressTable.Setting setting, DomainName domain, String name, Mailbox target) {
        AliasExpansion expansion = new AliasExpansion(addresses);
        Aliases.Key key = setting == AddressTable.Setting.CATCH_ALL
                ? new Aliases.Key.CatchAll(domain)
                : new Aliases.Key.Name(name);
        expansion.follow(new LocalAddresses.Listed(
                new Aliases.Entry(
                        key,
                        LocalAddresses.CONFIGURATION,
                        List.of(new Aliases.Target.Address(target, LocalAddresses.CONFIGURATION))),
                domain,
                Optional.empty()));
        List<Aliases.Fault> found = new ArrayList<>(expansion.faults());
        found.removeIf(fault -> !fault.place().equals(LocalAddresses.CONFIGURATION));
        found.forEach(fault -> fault(setting, fault.what()));
    }

    private void fault(AddressTable.Setting setting, String what) {
        faults.add(new AddressTable.Fault.InSettings(setting, what));
    }
}
