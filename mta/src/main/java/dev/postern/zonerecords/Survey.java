package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What all name servers of a name had to say, and of the names that it is an alias of.
///
/// @param name what was asked for
/// @param findings by server and address
/// @param trouble why they could not all be asked, in words
/// @param <R> what one record holds
public record Survey<R>(DomainName name, List<ServerFinding<R>> findings, Optional<String> trouble) {
    private static final Set<ServerFinding.Verdict> BAD =
            EnumSet.of(ServerFinding.Verdict.WRONG, ServerFinding.Verdict.REFERRAL, ServerFinding.Verdict.SILENT);
    private static final Set<ServerFinding.Verdict> GOOD =
            EnumSet.of(ServerFinding.Verdict.RIGHT, ServerFinding.Verdict.ALIAS);
    private static final Set<ServerFinding.Verdict> UNTOLD =
            EnumSet.of(ServerFinding.Verdict.REFERRAL, ServerFinding.Verdict.SILENT);
    private static final Set<ServerFinding.Verdict> TOLD =
            EnumSet.of(ServerFinding.Verdict.RIGHT, ServerFinding.Verdict.ALIAS, ServerFinding.Verdict.WRONG);

    public Survey {
        findings = List.copyOf(findings);
    }

    /// Whether whoever asks any of the servers finds the record: none says anything else at an address that can be
    /// reached from here, each was reached at one, unless it has none, and at least one had the record.
    public boolean complete() {
        return everyServerIs(GOOD)
                && findings.stream().noneMatch(one -> BAD.contains(one.verdict()))
                && findings.stream().anyMatch(one -> one.verdict() == ServerFinding.Verdict.RIGHT);
    }

    /// Whether each of the servers has told what it has, at every address that can be reached from here, right or
    /// wrong.
    public boolean isTold() {
        return everyServerIs(TOLD) && findings.stream().noneMatch(one -> UNTOLD.contains(one.verdict()));
    }

    /// What all servers have, where all have told and the same, in whatever order.
    Optional<PublishedSet<R>> agreed() {
        List<PublishedSet<R>> published = published();
        boolean same = published.stream()
                        .map(set -> Set.copyOf(set.records()))
                        .distinct()
                        .count()
                == 1;
        return isTold() && same ? Optional.of(published.getFirst()) : Optional.empty();
    }

    private boolean everyServerIs(Set<ServerFinding.Verdict> wanted) {
        Map<DomainName, Set<ServerFinding.Verdict>> byServer = findings.stream()
                .collect(Collectors.groupingBy(
                        ServerFinding::server,
                        Collectors.mapping(ServerFinding::verdict, Collectors.toCollection(HashSet::new))));
        return trouble.isEmpty()
                && byServer.values().stream()
                        .allMatch(verdicts -> verdicts.stream().anyMatch(wanted::contains)
                                || verdicts.equals(EnumSet.of(ServerFinding.Verdict.NO_ADDRESS)));
    }

    /// What the servers have that told it, one a server and address; those where the name is an alias are left out.
    public List<PublishedSet<R>> published() {
        return findings.stream().flatMap(one -> one.published().stream()).toList();
    }
}
