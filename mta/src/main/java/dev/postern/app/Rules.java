package dev.postern.app;

import dev.postern.accounts.AccountBackEnd;
import dev.postern.accounts.AccountRights;
import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.policy.AuthenticationObserver;
import dev.postern.policy.AuthenticationPolicy;
import dev.postern.policy.BouncePolicy;
import dev.postern.policy.EncryptionPolicy;
import dev.postern.policy.ForwardCounts;
import dev.postern.policy.ForwardPolicy;
import dev.postern.policy.ForwardRatePolicy;
import dev.postern.policy.ForwardSeal;
import dev.postern.policy.ForwardSettings;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.Policies;
import dev.postern.policy.Policy;
import dev.postern.policy.PressurePolicy;
import dev.postern.policy.RelayPolicy;
import dev.postern.policy.SecurePath;
import dev.postern.policy.SecurePathPolicy;
import dev.postern.policy.SenderAuthentication;
import dev.postern.policy.SenderPolicy;
import dev.postern.policy.SenderRights;
import dev.postern.policy.SigningPolicy;
import dev.postern.policy.Unprovable;
import dev.postern.pressure.Pressure;
import dev.postern.route.Directory;
import dev.postern.route.MailExchangers;
import dev.postern.route.RouteTable;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Priority;
import dev.postern.smtpserver.HandlingTerms;
import dev.postern.smtpserver.ServerSessionSettings;
import dev.postern.srs.SenderRewriting;
import dev.postern.tls.TlsProvider;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// What a reload replaces as a whole: every decision that follows from the configuration alone.
///
/// @param config what it was made from
/// @param directory what every address means
/// @param returnPaths what becomes of the reverse-paths of mail that leaves
/// @param router the next hop of every recipient
/// @param policies what is accepted
/// @param sessions the settings of new sessions, by role
record Rules(
        Config config,
        Directory directory,
        ReturnPaths returnPaths,
        RouteTable router,
        Policies policies,
        Map<ListenerRole, ServerSessionSettings> sessions) {
    Rules {
        sessions = Map.copyOf(sessions);
    }

    /// The settings of new sessions of a role.
    ServerSessionSettings session(ListenerRole role) {
        return Objects.requireNonNull(sessions.get(role));
    }

    /// What stays when the rules are replaced.
    ///
    /// @param forwards what aliases have led away within the last hour
    /// @param observer told of each message whose sender was checked
    /// @param published where it is asked what mail domains publish of their TLS
    /// @param pressure what the server is short of
    record Ground(
            AccountBackEnd accounts,
            Resolver resolver,
            ForwardCounts forwards,
            AuthenticationObserver observer,
            OutboundTls.Sources published,
            Supplier<Pressure> pressure,
            InstantSource clock) {}

    /// The rules of a configuration.
    static Rules of(Config config, ReturnPaths returnPaths, Ground ground) {
        InstantSource clock = ground.clock();
        Directory directory = returnPaths.directory(config.domains().addresses());
        RelayPolicy relay = new RelayPolicy(config.relay().networks(), directory);
        SenderRights rights = rights(config, ground.accounts());
        List<Policy> others = new ArrayList<>();
        others.add(new PressurePolicy(relay::trusts, ground.pressure()));
        others.add(new EncryptionPolicy(config.encryption()));
        others.add(new SenderPolicy(rights, SenderPolicy.NullSender.REFUSED));
        returnPaths.signing().ifPresent(paths -> others.add(new BouncePolicy(relay::trusts, directory, paths)));
        config.authentication()
                .ifPresent(settings -> others.add(new AuthenticationPolicy(
                                relay::trusts,
                                settings,
                                new SenderAuthentication(ground.resolver(), config.hostname(), clock, provider(config)))
                        .telling(ground.observer())));
        config.authentication()
                .map(settings -> new ForwardSettings(
                        settings, returnPaths.rewriting(), unprovable(config, returnPaths.rewriting())))
                .ifPresent(settings -> others.add(new ForwardPolicy(
                        directory, settings, new ForwardSeal(config.signing().sealers()), clock)));
        RouteTable router = new RouteTable(config.domains().addresses(), config.routes());
        others.add(new SecurePathPolicy(relay::trusts, directory, router, paths(config, ground), clock));
        others.add(new SigningPolicy(relay::trusts, rights, config.signing().signers(), clock));
        others.add(new ForwardRatePolicy(directory, config.forwarding().limits(), ground.forwards()));
        Map<ListenerRole, ServerSessionSettings> sessions = new EnumMap<>(ListenerRole.class);
        for (ListenerRole role : ListenerRole.values()) {
            sessions.put(role, settings(config, role).withFront(FrontRules.of(config, ground.accounts(), directory)));
        }
        return new Rules(config, directory, returnPaths, router, new Policies(relay, others, clock), sessions);
    }

    /// Which ways mail that requires TLS can go.
    private static SecurePath paths(Config config, Ground ground) {
        return new PathSurvey(
                new MailExchangers(ground.resolver(), Transports.exchangers(config), new SecureRandom()),
                OutboundTls.policy(config, ground.published()),
                task -> Thread.ofVirtual().name("postern-path").start(task));
    }

    /// What is done with forwards that cannot be proven at the next hop; the reader of the configuration has seen to
    /// it that what is chosen is possible.
    private static Unprovable unprovable(Config config, Optional<SenderRewriting> rewriting) {
        Config.Forwarding forwarding = config.forwarding();
        Optional<Unprovable.OurName> name = forwarding
                .returnDomain()
                .flatMap(domain -> config.signing()
                        .signers()
                        .nearest(domain)
                        .flatMap(signer ->
                                rewriting.map(addresses -> new Unprovable.OurName(addresses, domain, signer.stamp()))));
        return switch (forwarding.unprovable()) {
            case SEND -> new Unprovable.Send();
            case REFUSE -> new Unprovable.Refuse();
            case REWRITE -> new Unprovable.Rewrite(name.orElseThrow());
            case WRAP -> new Unprovable.Wrap(name.orElseThrow());
        };
    }

    /// Who checks signatures: the native code of the TLS provider, unless the configuration has none of it.
    private static Optional<Provider> provider(Config config) {
        return config.tls().provider().equals("jsse")
                ? Optional.empty()
                : TlsProvider.best().provider();
    }

    private static ServerSessionSettings settings(Config config, ListenerRole role) {
        return ServerSessionSettings.of(role, config.hostname())
                .withLimits(config.limits().session())
                .withTimeouts(config.limits().timeouts())
                .withHandling(handling(config, role))
                .withRepair(config.submission().repairLineEnds());
    }

    /// Mail is held back for those who submit it only (RFC 4865 §4.2).
    private static HandlingTerms handling(Config config, ListenerRole role) {
        Config.Handling handling = config.handling();
        return new HandlingTerms(
                role.isSubmission() ? config.submission().futureRelease() : Duration.ZERO,
                handling.shortestTime(),
                new HandlingTerms.Priorities(
                        handling.usual().getOrDefault(role, Priority.USUAL), handling.most(), handling.senders()));
    }

    /// What a user may send as: everything, everything in the domain of its own, or what its
    /// account lists.
    private static SenderRights rights(Config config, AccountBackEnd accounts) {
        return switch (config.submission().senders()) {
            case "any" -> SenderRights.unbound();
            case "domain" ->
                user -> accounts.rights(user).map(Rules::withItsDomain).orElse(List.of());
            default -> user -> accounts.rights(user).map(Rules::listed).orElse(List.of());
        };
    }

    private static List<SenderRights.Right> withItsDomain(AccountRights account) {
        List<SenderRights.Right> rights = new ArrayList<>(listed(account));
        if (account.inbox().host() instanceof Host.Domain(DomainName name)) {
            rights.add(new SenderRights.Right.Domain(name));
        }
        return rights;
    }

    private static List<SenderRights.Right> listed(AccountRights account) {
        List<SenderRights.Right> rights = new ArrayList<>();
        rights.add(new SenderRights.Right.Address(account.inbox()));
        for (String sender : account.senders()) {
            Optional<? extends SenderRights.Right> right = sender.startsWith("@")
                    ? DomainName.parse(sender.substring(1)).map(SenderRights.Right.Domain::new)
                    : Mailbox.parse(sender).map(SenderRights.Right.Address::new);
            right.ifPresent(rights::add);
        }
        return rights;
    }
}
