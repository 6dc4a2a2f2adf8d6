package dev.postern.route;

import dev.postern.crypto.Sha256;
import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A set of mail exchangers that any number of domains may have in common: the same hosts in the same order of
/// preference, whatever numbers stand for it.
///
/// @param ranks the hosts, the best-preferred first; those of one rank are equals and stand in the order of their names
public record Site(List<List<DomainName>> ranks) {
    /// The most hosts of a site: domains with more share with nobody.
    static final int MOST_HOSTS = 20;

    /// How much of the digest stands in a name.
    private static final int OCTETS = 6;

    /// @throws IllegalArgumentException if there is no host, or a rank without one
    public Site {
        ranks = ranks.stream()
                .map(rank -> rank.stream()
                        .sorted(Comparator.comparing(DomainName::text))
                        .toList())
                .toList();
        if (ranks.isEmpty() || ranks.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a site without a host");
        }
    }

    /// What a domain lists; empty where it takes no mail (RFC 7505) or lists too much to be compared.
    static Optional<Site> of(List<MxRecord> records) {
        TreeMap<Integer, List<DomainName>> ranks = new TreeMap<>();
        Set<DomainName> seen = new HashSet<>();
        for (MxRecord record : records.stream()
                .sorted(Comparator.comparingInt(MxRecord::preference))
                .toList()) {
            if (record.host().isEmpty()) {
                return Optional.empty();
            }
            if (seen.add(record.host().get())) {
                ranks.computeIfAbsent(record.preference(), _ -> new ArrayList<>())
                        .add(record.host().get());
            }
        }
        return seen.isEmpty() || seen.size() > MOST_HOSTS
                ? Optional.empty()
                : Optional.of(new Site(List.copyOf(ranks.values())));
    }

    /// Whether a host is one of them.
    public boolean has(DomainName host) {
        return ranks.stream().anyMatch(rank -> rank.contains(host));
    }

    /// A short name: that of the first host, and where there are more the beginning of a digest of all.
    public String name() {
        String first = ranks.getFirst().getFirst().text();
        boolean alone = ranks.size() == 1 && ranks.getFirst().size() == 1;
        return alone ? first : first + "+" + Sha256.name(text(), OCTETS);
    }

    private String text() {
        return ranks.stream()
                .map(rank -> rank.stream().map(DomainName::text).collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }
}
