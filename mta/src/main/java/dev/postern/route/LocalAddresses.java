package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What local parts mean in the domains of ours: an alias, an inbox, a role, the catch-all, or nobody.
final class LocalAddresses {
    /// The roles that every domain answers (RFC 5321 §4.5.1, RFC 2142 §4).
    static final List<String> ROLES = List.of("postmaster", "abuse");

    /// Where something stands that is in the configuration and not in the aliases file.
    static final Aliases.Place CONFIGURATION = new Aliases.Place(0, 0);

    private final Map<DomainName, OwnDomain> own = new HashMap<>();
    private final Optional<OwnDomain> primary;
    private final Aliases aliases;
    private final Optional<Mailbox> postmaster;
    private final String separator;

    LocalAddresses(AddressSettings settings) {
        settings.own().forEach(domain -> own.putIfAbsent(domain.name(), domain));
        this.primary = settings.own().stream().findFirst();
        this.aliases = settings.aliases();
        this.postmaster = settings.postmaster();
        this.separator = settings.separator();
    }

    /// What a local part means.
    sealed interface Meaning {}

    /// An inbox.
    record Inbox(Mailbox address, Optional<String> detail) implements Meaning {}

    /// An alias, from the file or made up for a role or a catch-all of the configuration.
    ///
    /// @param domain the domain it was looked up in
    record Listed(Aliases.Entry entry, DomainName domain, Optional<String> detail) implements Meaning {}

    /// Nobody.
    record Nobody() implements Meaning {}

    Optional<OwnDomain> own(DomainName domain) {
        return Optional.ofNullable(own.get(domain));
    }

    /// The domain that a name without a domain belongs to.
    Optional<OwnDomain> primary() {
        return primary;
    }

    Aliases aliases() {
        return aliases;
    }

    String separator() {
        return separator;
    }

    /// What a local part means in a domain of ours.
    Meaning meaning(String local, OwnDomain domain) {
        Meaning named = named(local, domain);
        return named instanceof Nobody
                ? catchAll(domain)
                        .<Meaning>map(entry -> new Listed(entry, domain.name(), Optional.empty()))
                        .orElse(named)
                : named;
    }

    /// The same without the catch-all.
    Meaning named(String local, OwnDomain domain) {
        Optional<Meaning> found = exactly(local, domain, Optional.empty());
        int cut = cut(local);
        if (found.isEmpty() && cut > 0) {
            found = exactly(local.substring(0, cut), domain, detail(local, cut));
        }
        if (found.isEmpty()) {
            found = role(cut > 0 ? local.substring(0, cut) : local, domain);
        }
        return found.orElseGet(Nobody::new);
    }

    /// The inbox of a local part, whatever aliases there are.
    Optional<Inbox> inbox(String local, OwnDomain domain) {
        Optional<Inbox> found = inboxExactly(local, domain, Optional.empty());
        int cut = cut(local);
        return found.isPresent() || cut <= 0
                ? found
                : inboxExactly(local.substring(0, cut), domain, detail(local, cut));
    }

    private Optional<Meaning> exactly(String local, OwnDomain domain, Optional<String> detail) {
        Optional<Meaning> alias = LocalNames.canonical(local)
                .flatMap(name -> aliases.of(name, domain.name()))
                .map(entry -> new Listed(entry, domain.name(), detail));
        return alias.isPresent() ? alias : inboxExactly(local, domain, detail).map(inbox -> inbox);
    }

    private static Optional<Inbox> inboxExactly(String local, OwnDomain domain, Optional<String> detail) {
        return LocalNames.canonical(local)
                .map(name -> Mailbox.of(name, domain.name()))
                .filter(domain.inboxes()::exists)
                .map(address -> new Inbox(address, detail));
    }

    private Optional<Meaning> role(String local, OwnDomain domain) {
        return LocalNames.canonical(local)
                .filter(ROLES::contains)
                .flatMap(role -> postmaster.map(target ->
                        new Listed(configured(new Aliases.Key.Name(role), target), domain.name(), Optional.empty())));
    }

    private Optional<Aliases.Entry> catchAll(OwnDomain domain) {
        return aliases.catchAll(domain.name())
                .or(() -> domain.catchAll().map(target -> configured(new Aliases.Key.CatchAll(domain.name()), target)));
    }

    private static Aliases.Entry configured(Aliases.Key key, Mailbox target) {
        return new Aliases.Entry(key, CONFIGURATION, List.of(new Aliases.Target.Address(target, CONFIGURATION)));
    }

    /// Where the subaddress begins with its separator; not above 0 where there is none.
    private int cut(String local) {
        return separator.isEmpty() ? -1 : local.indexOf(separator);
    }

    private Optional<String> detail(String local, int cut) {
        return Optional.of(local.substring(cut + separator.length())).filter(detail -> !detail.isEmpty());
    }
}
