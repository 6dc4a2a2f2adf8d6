package dev.postern.zonerecords;

import dev.postern.dns.Resolver;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Compares what our zones should say with what each of their authoritative servers says; used by one thread, which
/// blocks for a bounded time a record.
public final class ZoneComparison {
    private final Resolver resolver;
    private final Publication publication;
    private final OwnPlaces places;
    private final InstantSource clock;

    /// @param resolver tells where names lead, and whether DNSSEC vouches for it
    /// @param publication asks the authoritative servers
    /// @param here the addresses of this machine
    /// @param clock for SPF
    public ZoneComparison(Resolver resolver, Publication publication, LocalAddresses here, InstantSource clock) {
        this.resolver = resolver;
        this.publication = publication;
        this.places = new OwnPlaces(resolver, here);
        this.clock = clock;
    }

    /// Every record of a site, and where its names lead; one after the other, as they are asked for.
    public Stream<Finding> findings(Site site) {
        SpfTrial trial = new ResolvedSpfTrial(resolver, site.names().host(), clock);
        return Stream.concat(
                places.findings(site.places()), site.records(trial).stream().map(this::finding));
    }

    private <R> Finding finding(OwnRecords<R> own) {
        // To judge may take look-ups, and most servers have the same records.
        Map<List<R>, Judgement<R>> judged = new HashMap<>();
        Function<List<R>, Judgement<R>> judge = records -> judged.computeIfAbsent(records, own::judge);
        Survey<R> survey = publication.survey(
                own.name(),
                own.type(),
                own.subject(),
                records -> Optional.of(judge.apply(records))
                        .filter(it -> it.mark().isFault())
                        .map(Judgement::why));
        List<Judgement<R>> judgements = survey.published().stream()
                .map(set -> judge.apply(set.records()))
                .toList();
        Mark mark = judgements.stream()
                .map(Judgement::mark)
                .max(Comparator.naturalOrder())
                .filter(worst -> worst.isFault() || survey.isTold())
                .orElse(Mark.UNTOLD);
        Set<String> words = new LinkedHashSet<>();
        judgements.stream().map(Judgement::why).filter(why -> !why.isEmpty()).forEach(words::add);
        words.addAll(troubles(survey, judgements));
        boolean inVain = own instanceof TlsaRecords && !places.isAuthentic(own.subject());
        if (inVain) {
            mark = Mark.INSECURE;
            words.add(
                    "DNSSEC does not vouch for " + own.subject()
                            + " as far as the resolver of this machine can tell, and without it senders look at no TLSA record");
        }
        return new Finding(
                new Finding.Subject(own.purpose(), own.name().text(), own.type().mnemonic()),
                mark,
                List.copyOf(words),
                new Finding.Texts(own.lines(), texts(judgements)),
                inVain ? Optional.empty() : change(own, survey, judgements));
    }

    /// What the servers say that do not say the same, or nothing.
    private static <R> List<String> troubles(Survey<R> survey, List<Judgement<R>> judgements) {
        List<String> troubles = new ArrayList<>();
        survey.trouble().ifPresent(troubles::add);
        boolean differ = judgements.stream().map(Judgement::mark).distinct().count() > 1;
        for (ServerFinding<R> one : survey.findings()) {
            boolean told = switch (one.verdict()) {
                case RIGHT, ALIAS, NO_ROUTE, NO_ADDRESS -> true;
                case WRONG -> !differ;
                case REFERRAL, SILENT -> false;
            };
            if (!told) {
                troubles.add(one.place() + ": " + one.why());
            }
        }
        return troubles;
    }

    private static <R> List<String> texts(List<Judgement<R>> judgements) {
        return judgements.stream()
                .flatMap(judgement -> judgement.met().stream())
                .distinct()
                .map(MasterFile::data)
                .toList();
    }

    /// Only where all servers have told the same, and none is asked by another name.
    private static <R> Optional<RecordChange<?>> change(
            OwnRecords<R> own, Survey<R> survey, List<Judgement<R>> judgements) {
        boolean alias = survey.findings().stream().anyMatch(one -> one.verdict() == ServerFinding.Verdict.ALIAS);
        return survey.agreed()
                .filter(_ -> !alias && !judgements.getFirst().edit().isEmpty())
                .map(there -> new RecordChange<>(
                        own.name(), own.type(), there, judgements.getFirst().edit()));
    }
}
