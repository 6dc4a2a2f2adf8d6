package dev.postern.mailauth.dmarc;

import dev.postern.dns.DomainName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/// A walk from a domain towards the root, past the policy records on the way.
///
/// @param start where it began
/// @param records the records found, by their domains, the longest first; the last one alone may
///     say what is a public suffix, since the walk ends there
/// @rfc 9989 §4.10
record TreeWalk(DomainName start, Map<DomainName, DmarcRecord> records) {
    /// The most names that one walk asks for.
    static final int MOST_NAMES = 8;

    /// What a walk came to.
    sealed interface Result {}

    /// It came to its end.
    record Done(TreeWalk walk) implements Result {}

    /// It had to stop at a name that DNS did not answer for.
    record Stopped(String why) implements Result {}

    /// Walks.
    static Result from(DomainName start, RecordLookup lookup) {
        Map<DomainName, DmarcRecord> records = new LinkedHashMap<>();
        for (DomainName name : names(start)) {
            switch (lookup.of(name)) {
                case RecordLookup.One one -> {
                    records.put(name, one.record());
                    if (one.record().publicSuffix() != PublicSuffix.UNSAID) {
                        return new Done(new TreeWalk(start, records));
                    }
                }
                case RecordLookup.None _ -> {
                    // on to the next name
                }
                case RecordLookup.Unknown unknown -> {
                    return new Stopped(unknown.why());
                }
            }
        }
        return new Done(new TreeWalk(start, records));
    }

    /// The names on the way: the start, then its last seven labels at most, one less each time.
    static List<DomainName> names(DomainName start) {
        List<DomainName> names = new ArrayList<>();
        names.add(start);
        int labels = start.labels().size();
        for (int count = Math.min(labels, MOST_NAMES) - 1; count > 0; count--) {
            names.add(lastLabels(start, count));
        }
        return names;
    }

    private static DomainName lastLabels(DomainName name, int count) {
        List<String> labels = name.labels();
        return new DomainName(String.join(".", labels.subList(labels.size() - count, labels.size())));
    }

    /// The domain at the top of what is under the same hand as the start.
    ///
    /// @rfc 9989 §4.10.2
    DomainName organizationalDomain() {
        DomainName highest = start;
        for (Entry<DomainName, DmarcRecord> found : records.entrySet()) {
            highest = found.getKey();
            boolean above = !highest.equals(start);
            if (above && found.getValue().publicSuffix() == PublicSuffix.YES) {
                return lastLabels(start, highest.labels().size() + 1);
            }
        }
        return highest;
    }

    /// The policy that holds for the start: of its own record, else of its organizational domain's,
    /// else of its public suffix's.
    ///
    /// @rfc 9989 §4.10.1
    Optional<PublishedPolicy> policy() {
        DmarcRecord own = records.get(start);
        if (own != null) {
            return Optional.of(new PublishedPolicy(start, PublishedPolicy.Source.AUTHOR, own));
        }
        DomainName organization = organizationalDomain();
        DmarcRecord inherited = records.get(organization);
        if (inherited != null) {
            return Optional.of(new PublishedPolicy(organization, PublishedPolicy.Source.ORGANIZATION, inherited));
        }
        return records.entrySet().stream()
                .filter(found -> found.getValue().publicSuffix() == PublicSuffix.YES)
                .map(found ->
                        new PublishedPolicy(found.getKey(), PublishedPolicy.Source.PUBLIC_SUFFIX, found.getValue()))
                .findFirst();
    }
}
