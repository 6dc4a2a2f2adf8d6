package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Postmaster;
import dev.postern.wire.AddressScope;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// All that this server knows of addresses; never changes, and may be shared by all threads.
///
/// A local part means exactly what it says: nothing in `user%other@ours`, `other!user@ours`, `"user@other"@ours` or a
/// source route makes it an address elsewhere. Only the subaddress separator is looked for.
///
/// @rfc 5321 §3.9, §4.5.1
public final class AddressTable implements Directory {
    private static final EnhancedStatus NO_SUCH_INBOX = EnhancedStatus.of("5.1.1");
    private static final String POSTMASTER = "postmaster";

    private final LocalAddresses addresses;
    private final DomainMap<RelayDomain> relays;
    private final Set<InetAddress> ownAddresses;
    private final Optional<Mailbox> postmaster;
    private final Map<Mailbox, Program> programs = new HashMap<>();

    private AddressTable(AddressSettings settings, DomainMap<RelayDomain> relays) {
        this.addresses = new LocalAddresses(settings);
        this.relays = relays;
        this.ownAddresses =
                settings.ownAddresses().stream().map(AddressScope::unmapped).collect(Collectors.toUnmodifiableSet());
        this.postmaster = settings.postmaster();
        for (Aliases.Entry entry : settings.aliases().entries()) {
            for (Aliases.Target target : entry.targets()) {
                if (target instanceof Aliases.Target.Run run) {
                    settings.own().forEach(domain -> programs.put(run.program().address(domain.name()), run.program()));
                }
            }
        }
    }

    /// What settings were read as.
    public sealed interface Reading {}

    /// The settings fit together.
    public record Good(AddressTable table) implements Reading {}

    /// They do not.
    ///
    /// @param faults all of them, at least one
    public record Bad(List<Fault> faults) implements Reading {
        public Bad {
            faults = List.copyOf(faults);
        }
    }

    /// What is wrong, and where.
    public sealed interface Fault {
        /// A sentence that says what to write instead.
        String what();

        /// In the aliases file.
        record InAliases(Aliases.Place place, String what) implements Fault {}

        /// In the configuration.
        record InSettings(Setting setting, String what) implements Fault {}
    }

    /// The settings that can be at fault.
    public enum Setting {
        /// The domains of our own.
        OWN_DOMAINS,
        /// The catch-all of one of them.
        CATCH_ALL,
        /// The domains that mail is carried for.
        RELAY_DOMAINS,
        /// Who gets the mail for `postmaster` and `abuse`.
        POSTMASTER
    }

    /// The table of these settings, or all that is wrong with them.
    public static Reading of(AddressSettings settings) {
        DomainMap.Builder<RelayDomain> relays = new DomainMap.Builder<>();
        settings.relays().forEach(relay -> relays.add(relay.domains(), relay));
        AddressTable table = new AddressTable(settings, relays.build());
        List<Fault> faults = new AddressCheck(settings, table.addresses).faults();
        return faults.isEmpty() ? new Good(table) : new Bad(faults);
    }

    @Override
    public Destination.Fixed destination(ForwardPath path) {
        return switch (path) {
            case Postmaster anyDomain -> postmaster();
            case Mailbox mailbox ->
                switch (mailbox.host()) {
                    case Host.Domain domain -> inDomain(mailbox, domain);
                    case Host.AddressLiteral literal ->
                        isOurs(literal) ? atOurAddress(mailbox) : new Destination.Remote(literal);
                };
        };
    }

    private Destination.Fixed inDomain(Mailbox mailbox, Host.Domain domain) {
        Optional<OwnDomain> own = addresses.own(domain.name());
        if (own.isPresent()) {
            return programs.containsKey(mailbox)
                    ? unknown()
                    : local(mailbox.localPart().value(), own.get());
        }
        return relay(domain.name()).isPresent()
                ? new Destination.Relayed(domain.name())
                : new Destination.Remote(domain);
    }

    /// Only the roles are known at a bare address of ours, which belongs to no domain in particular (RFC 5321 §4.5.1).
    private Destination.Fixed atOurAddress(Mailbox mailbox) {
        Optional<String> role =
                LocalNames.canonical(mailbox.localPart().value()).filter(LocalAddresses.ROLES::contains);
        return role.isPresent() ? role(role.get()) : unknown();
    }

    private Destination.Fixed postmaster() {
        return role(POSTMASTER);
    }

    private Destination.Fixed role(String role) {
        Optional<OwnDomain> primary = addresses.primary();
        if (primary.isPresent()) {
            return local(role, primary.get());
        }
        return postmaster
                .<Destination.Fixed>map(target -> new Destination.Alias(role, List.of(target), Optional.empty()))
                .orElseGet(AddressTable::unknown);
    }

    private Destination.Fixed local(String local, OwnDomain domain) {
        return switch (addresses.meaning(local, domain)) {
            case LocalAddresses.Inbox inbox -> new Destination.Inbox(inbox.address(), inbox.detail());
            case LocalAddresses.Listed alias -> expanded(alias);
            case LocalAddresses.Nobody nobody -> unknown();
        };
    }

    private Destination.Fixed expanded(LocalAddresses.Listed alias) {
        AliasExpansion expansion = new AliasExpansion(addresses);
        expansion.follow(alias);
        return expansion.targets().isEmpty()
                ? unknown()
                : new Destination.Alias(alias.entry().key().toString(), expansion.targets(), owner(alias));
    }

    /// The alias `owner-NAME` makes `NAME` a list, whose reports go to its owner (RFC 5321 §3.9.2).
    private Optional<Mailbox> owner(LocalAddresses.Listed alias) {
        Optional<String> name = switch (alias.entry().key()) {
            case Aliases.Key.Name key -> Optional.of(key.local());
            case Aliases.Key.Address key -> Optional.of(key.local());
            case Aliases.Key.CatchAll key -> Optional.empty();
        };
        return name.flatMap(local -> LocalNames.canonical("owner-" + local))
                .filter(owner -> addresses.aliases().of(owner, alias.domain()).isPresent())
                .map(owner -> Mailbox.of(owner, alias.domain()));
    }

    private static Destination.Fixed unknown() {
        return new Destination.Unknown(NO_SUCH_INBOX, "nobody has this address here");
    }

    private boolean isOurs(Host.AddressLiteral literal) {
        return ownAddresses.contains(AddressScope.unmapped(literal.address()));
    }

    /// The domain of ours that an address is in.
    Optional<OwnDomain> own(Mailbox mailbox) {
        return mailbox.host() instanceof Host.Domain(DomainName name) ? addresses.own(name) : Optional.empty();
    }

    /// The inbox of an address in a domain of ours, whatever aliases there are.
    Optional<Destination.Inbox> inbox(Mailbox mailbox, OwnDomain domain) {
        return addresses
                .inbox(mailbox.localPart().value(), domain)
                .map(inbox -> new Destination.Inbox(inbox.address(), inbox.detail()));
    }

    /// The relay domain that a domain is in.
    Optional<RelayDomain> relay(DomainName domain) {
        return relays.closest(domain);
    }

    /// The program that waits under an address.
    Optional<Program> program(Mailbox mailbox) {
        return Optional.ofNullable(programs.get(mailbox));
    }

    /// The programs that aliases start, by the name of their transport: each needs one.
    public Map<String, Program> programs() {
        Map<String, Program> byTransport = new LinkedHashMap<>();
        programs.values().forEach(program -> byTransport.put(program.transport(), program));
        return byTransport;
    }
}
