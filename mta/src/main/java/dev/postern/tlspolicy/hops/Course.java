package dev.postern.tlspolicy.hops;

import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.TlsRequirement.Basis;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.TlsTrial.AppliedPolicy;
import dev.postern.tlspolicy.TlsTrial.Outcome.Failure;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.hops.DestinationPolicy.Level;
import dev.postern.tlspolicy.hops.HopDecision.PassOver;
import dev.postern.tlspolicy.hops.HopDecision.Reason;
import dev.postern.tlspolicy.hops.HopDecision.Use;
import dev.postern.tlspolicy.hops.HopDecision.Watch;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How it is decided for one host, from the first reason to the last; used once.
final class Course {
    /// Nothing that can be proven now (RFC 3463 §3.8).
    private static final EnhancedStatus NOT_PROVEN_NOW = EnhancedStatus.of("4.7.5");

    /// Encryption needed (RFC 5248), and no other try would end in another way (RFC 8689 §4.2.1).
    private static final EnhancedStatus NOT_PROVABLE = EnhancedStatus.of("5.7.10");

    private final HopPolicy.Way way;
    private final HopHost host;
    private final List<Reason> reasons = new ArrayList<>();

    Course(HopPolicy.Way way, HopHost host) {
        this.way = way;
        this.host = host;
    }

    HopDecision decide() {
        switch (way.wish()) {
            case USUAL -> {}
            case REQUIRED -> note("the sender", "REQUIRETLS");
            case PREFERRED -> note("the sender", "REQUIRETLS of the message that this one reports on");
            case NOT_REQUIRED -> note("the sender", "TLS-Required: No");
        }
        way.demanded()
                .ifPresent(policy ->
                        note("destinations.\"" + policy.name() + "\"", "tls = \"" + words(policy.level()) + "\""));
        return way.demanded().map(this::configured).orElseGet(this::usual);
    }

    private HopDecision usual() {
        if (way.target() instanceof Target.GivenHost given && given.proven()) {
            return use(forHost(Basis.CONFIGURED), Watch.nothing(), Optional.empty());
        }
        if (way.clearByDefault() && way.wish() != TlsWish.REQUIRED) {
            note("delivery.starttls", "false");
            return use(new TlsRequirement.None(), Watch.nothing(), Optional.empty());
        }
        return published(new TlsRequirement.May());
    }

    private HopDecision configured(DestinationPolicy policy) {
        boolean proofIsNeeded = way.wish() == TlsWish.REQUIRED;
        return switch (policy.level()) {
            case NONE, MAY -> proofIsNeeded ? published(least()) : lenient(policy.level() == Level.NONE);
            case ENCRYPT -> published(least(new TlsRequirement.Encrypt()));
            case VERIFY -> verified(policy);
            case SECURE -> use(secure(policy), Watch.nothing(), Optional.empty());
            case FINGERPRINT ->
                use(new TlsRequirement.Fingerprint(policy.fingerprints()), Watch.nothing(), Optional.empty());
            case DANE -> published(least());
            case DANE_ONLY -> daneOnly();
        };
    }

    private HopDecision lenient(boolean clear) {
        return use(
                clear ? new TlsRequirement.None() : new TlsRequirement.May(),
                clear ? Watch.nothing() : hoped(Watch.nothing()),
                Optional.empty());
    }

    private HopDecision verified(DestinationPolicy policy) {
        if (!policy.names().isEmpty()) {
            return use(
                    new TlsRequirement.Verified(policy.names(), Basis.CONFIGURED), Watch.nothing(), Optional.empty());
        }
        TlsRequirement.Verified requirement = forHost(basis().orElse(Basis.EXCHANGER));
        return way.wish() == TlsWish.REQUIRED && !requirement.isProof()
                ? published(new TlsRequirement.Encrypt())
                : use(requirement, Watch.nothing(), Optional.empty());
    }

    private TlsRequirement secure(DestinationPolicy policy) {
        if (!policy.names().isEmpty()) {
            return new TlsRequirement.Verified(policy.names(), Basis.CONFIGURED);
        }
        return switch (way.target()) {
            case Target.MailDomain(DomainName domain, int _) ->
                new TlsRequirement.Verified(List.of(domain.text(), "*." + domain.text()), Basis.CONFIGURED);
            case Target.Literal _, Target.GivenHost _ -> forHost(Basis.CONFIGURED);
        };
    }

    private HopDecision daneOnly() {
        DaneFinding finding = askDane();
        return switch (finding) {
            case DaneFinding.Published published -> dane(published);
            case DaneFinding.Unusable(List<TlsaRecord> records, String why) ->
                passOver(
                        TlsTrial.Result.TLSA_INVALID,
                        "no TLSA record of " + host.text() + " can be used: " + why,
                        records);
            case DaneFinding.NotPublished(String why) ->
                passOver(
                        TlsTrial.Result.DANE_REQUIRED,
                        "DANE is demanded, and " + host.text() + " has none: " + why,
                        List.of());
            case DaneFinding.Unknown(String why) -> unknown(why);
        };
    }

    /// What the mail domain publishes, but no less than what is demanded anyway.
    private HopDecision published(TlsRequirement least) {
        if (way.wish() == TlsWish.NOT_REQUIRED) {
            // RFC 8689 §4.2.2: what the recipient's side demands does not count.
            return use(least, Watch.nothing(), Optional.empty());
        }
        DaneFinding finding = askDane();
        return switch (finding) {
            case DaneFinding.Published published -> dane(published);
            case DaneFinding.Unknown(String why) -> unknown(why);
            case DaneFinding.Unusable(List<TlsaRecord> records, String why) ->
                sts(
                        atLeast(new TlsRequirement.Encrypt(), least),
                        new Watch(
                                Optional.empty(),
                                Optional.of(new Failure(TlsTrial.Result.TLSA_INVALID, "no usable record: " + why))),
                        applied(records));
            case DaneFinding.NotPublished _ -> sts(least, Watch.nothing(), none());
        };
    }

    private HopDecision dane(DaneFinding.Published published) {
        List<DomainName> names = Stream.of(
                        Optional.of(published.base()), host.name(), way.target().destination())
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        return use(
                new TlsRequirement.Dane(published.records(), names, published.base()),
                Watch.nothing(),
                applied(published.records()));
    }

    private HopDecision unknown(String why) {
        return passOver(
                TlsTrial.Result.DNSSEC_INVALID,
                "nobody can say now whether " + host.text() + " has TLSA records: " + why,
                List.of());
    }

    /// What MTA-STS asks for.
    ///
    /// @param least what holds where it asks for nothing
    /// @param watch what DANE has left to tell; what it tells goes before what MTA-STS does
    /// @param applied the policy that is reported on where MTA-STS has none
    private HopDecision sts(TlsRequirement least, Watch watch, Optional<AppliedPolicy> applied) {
        if (!(way.target() instanceof Target.MailDomain(DomainName domain, int _))
                || host.name().isEmpty()) {
            return unproven(least, watch, applied);
        }
        DomainName name = host.name().get();
        StsFinding finding = way.sts(domain);
        note("MTA-STS " + domain, finding.why());
        return switch (finding) {
            case StsFinding.NoPolicy _ -> unproven(least, watch, applied);
            case StsFinding.Unavailable(TlsTrial.Result result, String why) ->
                watch.foreseen().isPresent()
                        ? unproven(least, watch, applied)
                        : unproven(
                                least,
                                new Watch(Optional.empty(), Optional.of(new Failure(result, why))),
                                Optional.of(new AppliedPolicy(domain, TlsTrial.Type.STS, List.of(), List.of())));
            case StsFinding.InForce(StsPolicy policy, String _) ->
                switch (policy.mode()) {
                    case NONE -> unproven(least, watch, applied);
                    case TESTING -> {
                        Watch seen = policy.names(name)
                                ? new Watch(Optional.of(forHost(Basis.MTA_STS)), watch.foreseen())
                                : new Watch(Optional.empty(), Optional.of(notInPolicy()));
                        yield watch.foreseen().isPresent()
                                ? unproven(least, watch, applied)
                                : unproven(least, seen, Optional.of(applied(domain, policy)));
                    }
                    case ENFORCE -> {
                        Optional<AppliedPolicy> kept =
                                watch.foreseen().isPresent() ? applied : Optional.of(applied(domain, policy));
                        yield policy.names(name)
                                ? use(forHost(Basis.MTA_STS), watch, kept)
                                : passOver(
                                        NOT_PROVEN_NOW,
                                        host.text() + " is none of the hosts that the MTA-STS policy of " + domain
                                                + " names",
                                        Optional.of(notInPolicy()),
                                        Optional.of(applied(domain, policy)));
                    }
                };
        };
    }

    private Failure notInPolicy() {
        return new Failure(TlsTrial.Result.VALIDATION_FAILURE, host.text() + " is not among the hosts of the policy");
    }

    /// Nothing that is published proves the host: what is left of the sender's wishes.
    private HopDecision unproven(TlsRequirement least, Watch watch, Optional<AppliedPolicy> applied) {
        if (way.wish() != TlsWish.REQUIRED || least.isProof()) {
            return use(least, hoped(watch), applied);
        }
        // The sender's wish is nothing that a domain without a policy is told of.
        // RFC 8689 §4.2.1: the name must be vouched for by DNSSEC or by MTA-STS, or nothing is proven
        Optional<AppliedPolicy> told = applied.filter(policy -> policy.type() != TlsTrial.Type.NO_POLICY_FOUND);
        return basis().<HopDecision>map(basis -> use(forHost(basis), watch, told))
                .orElseGet(() -> passOver(
                        NOT_PROVABLE,
                        "the message requires TLS with a proven server (REQUIRETLS), and neither DNSSEC nor an enforced"
                                + " MTA-STS policy proves that " + host.text() + " takes the mail of "
                                + way.target()
                                        .destination()
                                        .map(DomainName::text)
                                        .orElse(host.text()),
                        Optional.empty(),
                        Optional.empty()));
    }

    /// A report that would rather be protected looks for the proof, and goes without.
    private Watch hoped(Watch watch) {
        return way.wish() == TlsWish.PREFERRED
                ? new Watch(basis().<TlsRequirement>map(this::forHost).or(watch::wanted), watch.foreseen())
                : watch;
    }

    /// Who vouches for the host's name; empty for nobody.
    private Optional<Basis> basis() {
        return switch (way.target()) {
            case Target.MailDomain _ -> host.authentic() ? Optional.of(Basis.DNSSEC) : Optional.empty();
            case Target.Literal _, Target.GivenHost _ -> Optional.of(Basis.CONFIGURED);
        };
    }

    private TlsRequirement.Verified forHost(Basis basis) {
        return new TlsRequirement.Verified(List.of(host.text()), basis);
    }

    /// What holds for a target anyway.
    private TlsRequirement least() {
        return way.target() instanceof Target.GivenHost given && given.proven()
                ? forHost(Basis.CONFIGURED)
                : new TlsRequirement.May();
    }

    private TlsRequirement least(TlsRequirement demanded) {
        return atLeast(demanded, least());
    }

    private static TlsRequirement atLeast(TlsRequirement demanded, TlsRequirement other) {
        return other.isProof() ? other : demanded;
    }

    /// What DANE says, where somebody vouches for the host's name.
    private DaneFinding askDane() {
        if (host.name().isEmpty() || basis().isEmpty()) {
            String why = host.name().isEmpty()
                    ? "it has no name"
                    : "DNSSEC does not vouch for it being an exchanger of the domain";
            note("DANE " + host.text(), why);
            return new DaneFinding.NotPublished(why);
        }
        DaneFinding finding = way.dane(host.name().get());
        note("DANE " + host.text() + ":" + way.target().port(), finding.why());
        return finding;
    }

    private HopDecision use(TlsRequirement requirement, Watch watch, Optional<AppliedPolicy> applied) {
        note("TLS " + host.text(), requirement.words());
        return new Use(requirement, watch, applied, reasons);
    }

    private HopDecision passOver(TlsTrial.Result result, String why, List<TlsaRecord> records) {
        return passOver(NOT_PROVEN_NOW, why, Optional.of(new Failure(result, why)), applied(records));
    }

    private HopDecision passOver(
            EnhancedStatus status, String why, Optional<Failure> failure, Optional<AppliedPolicy> applied) {
        note("TLS " + host.text(), "passed over");
        return new PassOver(status, why, failure, applied, reasons);
    }

    private Optional<AppliedPolicy> none() {
        return way.target() instanceof Target.MailDomain(DomainName domain, int _)
                ? Optional.of(AppliedPolicy.none(domain))
                : Optional.empty();
    }

    private Optional<AppliedPolicy> applied(List<TlsaRecord> records) {
        return way.target() instanceof Target.MailDomain(DomainName domain, int _)
                ? Optional.of(new AppliedPolicy(
                        domain,
                        TlsTrial.Type.TLSA,
                        records.stream().map(TlsaRecord::text).toList(),
                        List.of()))
                : Optional.empty();
    }

    private static AppliedPolicy applied(DomainName domain, StsPolicy policy) {
        return new AppliedPolicy(domain, TlsTrial.Type.STS, policy.lines(), policy.hosts());
    }

    private void note(String asked, String found) {
        reasons.add(new Reason(asked, found));
    }

    private static String words(Level level) {
        return level.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
