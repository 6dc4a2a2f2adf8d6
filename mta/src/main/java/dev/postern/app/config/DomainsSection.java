package dev.postern.app.config;

import dev.postern.accounts.AccountTable;
import dev.postern.dns.DomainName;
import dev.postern.route.AddressSettings;
import dev.postern.route.AddressTable;
import dev.postern.route.Aliases;
import dev.postern.route.InboxLookup;
import dev.postern.route.OwnDomain;
import dev.postern.smtp.Mailbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The section `[domains]`: our own domains, who lives there, and what every address means.
final class DomainsSection {
    private static final AddressTable EMPTY = emptyTable();

    private final Section section;
    private final NamedFiles files;
    private final Path aliasFile;

    private DomainsSection(Section section, NamedFiles files) {
        this.section = section;
        this.files = files;
        this.aliasFile = files.resolve(section.string("aliases").orElse("aliases"));
    }

    /// What they have to fit to.
    ///
    /// @param relaySection where faults of relay domains are told
    record Site(Config.Listen listen, Config.Inboxes inboxes, Config.Relay relay, Section relaySection) {}

    /// Reads it, with the files of the accounts and aliases.
    static Config.Domains read(Section section, NamedFiles files, Site site) {
        return new DomainsSection(section, files).domains(site);
    }

    private Config.Domains domains(Site site) {
        List<DomainName> local = section.domains("local");
        Path accountFile = files.resolve(section.string("accounts").orElse("accounts"));
        int before = files.faults().size();
        AccountTable accounts = accounts(accountFile);
        // Who is missing among accounts that could not be read is not known.
        boolean unread = files.faults().size() > before;
        boolean any = section.choice("recipients", "accounts", List.of("accounts", "any"))
                .equals("any");
        InboxLookup lookup = any || unread
                ? InboxLookup.any()
                : inbox -> accounts.find(inbox).isPresent();
        Map<DomainName, Mailbox> catchAll = catchAll();
        catchAll.keySet().stream()
                .filter(name -> !local.contains(name))
                .forEach(name -> section.fault(
                        "catch-all",
                        name.toString(),
                        "\"" + name
                                + "\" has a catch-all but is none of our domains; add it to local below [domains]"));
        List<OwnDomain> own = local.stream()
                .map(name -> new OwnDomain(
                        name, site.inboxes().transport(), lookup, Optional.ofNullable(catchAll.get(name))))
                .toList();
        AddressSettings settings = new AddressSettings(
                own,
                site.relay().domains(),
                aliases(),
                section.parsed("postmaster", "an address", Mailbox::parse),
                OwnAddresses.of(site.listen()),
                "+");
        AddressTable addresses = table(settings, site.relaySection());
        section.finish();
        return new Config.Domains(local, addresses, accounts, accountFile);
    }

    private AccountTable accounts(Path accountFile) {
        if (!section.has("accounts") && !Files.exists(accountFile)) {
            return AccountTable.empty();
        }
        AccountTable.Parsed parsed =
                AccountTable.parse(files.text(accountFile, "the accounts").orElse(""));
        parsed.faults().forEach(f -> files.fault(accountFile, f.line(), 0, f.message()));
        return parsed.table();
    }

    private Aliases aliases() {
        boolean programs = section.flag("programs", false);
        if (!section.has("aliases") && !Files.exists(aliasFile)) {
            return Aliases.none();
        }
        return switch (Aliases.parse(files.text(aliasFile, "the aliases").orElse(""), programs)) {
            case Aliases.Good good -> good.aliases();
            case Aliases.Bad bad -> {
                bad.faults()
                        .forEach(f -> files.fault(
                                aliasFile, f.place().line(), f.place().column(), f.what()));
                yield Aliases.none();
            }
        };
    }

    private AddressTable table(AddressSettings settings, Section relay) {
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good good -> good.table();
            case AddressTable.Bad bad -> {
                for (AddressTable.Fault fault : bad.faults()) {
                    switch (fault) {
                        case AddressTable.Fault.InAliases in ->
                            files.fault(aliasFile, in.place().line(), in.place().column(), in.what());
                        case AddressTable.Fault.InSettings in -> {
                            switch (in.setting()) {
                                case OWN_DOMAINS -> section.fault("local", in.what());
                                case CATCH_ALL -> section.fault("catch-all", in.what());
                                case POSTMASTER -> section.fault("postmaster", "domains.postmaster: " + in.what());
                                case RELAY_DOMAINS -> relay.fault("domains", in.what());
                            }
                        }
                    }
                }
                yield EMPTY;
            }
        };
    }

    private Map<DomainName, Mailbox> catchAll() {
        Map<DomainName, Mailbox> catchAll = new LinkedHashMap<>();
        section.pairs("catch-all").forEach((name, target) -> {
            Optional<DomainName> domain = DomainName.parse(name);
            Optional<Mailbox> mailbox = Mailbox.parse(target);
            if (domain.isEmpty() || mailbox.isEmpty()) {
                section.fault(
                        "catch-all", name, "\"" + name + "\" = \"" + target + "\" must be a domain and an address");
            } else {
                catchAll.put(domain.get(), mailbox.get());
            }
        });
        return catchAll;
    }

    private static AddressTable emptyTable() {
        Optional<Mailbox> postmaster = Optional.of(Mailbox.of("postmaster", DomainName.of("localhost")));
        AddressSettings settings = new AddressSettings(List.of(), List.of(), Aliases.none(), postmaster, Set.of(), "+");
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good good -> good.table();
            case AddressTable.Bad bad -> throw new IllegalStateException("nothing at all has faults: " + bad);
        };
    }
}
