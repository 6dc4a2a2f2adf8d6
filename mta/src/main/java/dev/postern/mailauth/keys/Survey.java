package dev.postern.mailauth.keys;

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
public record Survey(DomainName name, List<ServerFinding> findings, Optional<String> trouble) {
    private static final Set<ServerFinding.Verdict> BAD =
            EnumSet.of(ServerFinding.Verdict.WRONG, ServerFinding.Verdict.REFERRAL, ServerFinding.Verdict.SILENT);
    private static final Set<ServerFinding.Verdict> GOOD =
            EnumSet.of(ServerFinding.Verdict.RIGHT, ServerFinding.Verdict.ALIAS);

    public Survey {
        findings = List.copyOf(findings);
    }

    /// Whether whoever asks any of the servers finds the record: none says anything else at an address that can be
    /// reached from here, each was reached at one, unless it has none, and at least one had the record.
    public boolean complete() {
        Map<DomainName, Set<ServerFinding.Verdict>> byServer = findings.stream()
                .collect(Collectors.groupingBy(
                        ServerFinding::server,
                        Collectors.mapping(ServerFinding::verdict, Collectors.toCollection(HashSet::new))));
        return trouble.isEmpty()
                && findings.stream().noneMatch(one -> BAD.contains(one.verdict()))
                && findings.stream().anyMatch(one -> one.verdict() == ServerFinding.Verdict.RIGHT)
                && byServer.values().stream()
                        .allMatch(verdicts -> verdicts.stream().anyMatch(GOOD::contains)
                                || verdicts.equals(EnumSet.of(ServerFinding.Verdict.NO_ADDRESS)));
    }
}
