package dev.postern.mailauth.dmarc;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/// A DMARC policy record, such as `v=DMARC1; p=reject; rua=mailto:dmarc@example.org`.
///
/// @param policies what is asked for; empty if the record says it wrongly and names nobody who
///     could be told so, which means that DMARC is not applied (RFC 9989 §4.10.1)
/// @param alignments how near a domain must be that vouches
/// @param publicSuffix what the domain is in the tree
/// @param testing whether the policies are only tested (`t=y`), so that each counts one step milder
/// @param reporting who wants to be told what
/// @rfc 9989 §4.7
public record DmarcRecord(
        Optional<Policies> policies,
        Alignments alignments,
        PublicSuffix publicSuffix,
        boolean testing,
        Reporting reporting) {
    /// What the owner wants done with messages that fail.
    ///
    /// @param domain for the domain itself (`p`)
    /// @param subdomains for names below it (`sp`), empty if as for the domain
    /// @param missing for names below it that do not exist (`np`), empty if as for those that do
    public record Policies(DmarcPolicy domain, Optional<DmarcPolicy> subdomains, Optional<DmarcPolicy> missing) {
        /// Nothing is asked for.
        public static final Policies NONE = new Policies(DmarcPolicy.NONE, Optional.empty(), Optional.empty());

        /// What is asked for an existing name below the domain.
        public DmarcPolicy forSubdomain() {
            return subdomains.orElse(domain);
        }

        /// What is asked for a name below the domain that does not exist.
        public DmarcPolicy forMissing() {
            return missing.orElseGet(this::forSubdomain);
        }
    }

    /// How near a domain must be, by what vouches for it.
    public record Alignments(Alignment dkim, Alignment spf) {
        /// The alignment that is asked of a mechanism.
        public Alignment of(AuthenticatedDomain.Mechanism mechanism) {
            return switch (mechanism) {
                case DKIM -> dkim;
                case SPF -> spf;
            };
        }
    }

    /// Who wants reports.
    ///
    /// @param aggregate where aggregate reports go (`rua`), at most {@value
    ///     DmarcRecordReader#MOST_URIS}
    /// @param failure where reports about single messages go (`ruf`), at most as many
    /// @param options when there are such (`fo`)
    public record Reporting(List<ReportUri> aggregate, List<ReportUri> failure, Set<FailureOption> options) {
        public Reporting {
            aggregate = List.copyOf(aggregate);
            failure = List.copyOf(failure);
            options = Set.copyOf(options);
        }
    }

    /// The record that a TXT record is, its strings joined; empty if it is no DMARC record at all,
    /// since it does not begin with `v=DMARC1`. Tags that are unknown or wrong count as not there.
    public static Optional<DmarcRecord> parse(String text) {
        return DmarcRecordReader.isRecord(text) ? Optional.of(new DmarcRecordReader(text).record()) : Optional.empty();
    }

    /// The record with what differs from the defaults, in its usual order.
    @Override
    public String toString() {
        StringJoiner tags = new StringJoiner("; ");
        tags.add("v=DMARC1");
        policies.ifPresentOrElse(
                asked -> {
                    tags.add("p=" + asked.domain());
                    asked.subdomains().ifPresent(policy -> tags.add("sp=" + policy));
                    asked.missing().ifPresent(policy -> tags.add("np=" + policy));
                },
                () -> tags.add("p="));
        if (publicSuffix != PublicSuffix.UNSAID) {
            tags.add("psd=" + publicSuffix);
        }
        if (testing) {
            tags.add("t=y");
        }
        if (alignments.dkim() != Alignment.RELAXED) {
            tags.add("adkim=" + alignments.dkim());
        }
        if (alignments.spf() != Alignment.RELAXED) {
            tags.add("aspf=" + alignments.spf());
        }
        addReporting(tags);
        return tags.toString();
    }

    private void addReporting(StringJoiner tags) {
        if (!reporting.options().equals(Set.of(FailureOption.ALL_FAIL))) {
            tags.add("fo="
                    + EnumSet.copyOf(reporting.options()).stream()
                            .map(FailureOption::toString)
                            .collect(Collectors.joining(":")));
        }
        if (!reporting.aggregate().isEmpty()) {
            tags.add("rua=" + list(reporting.aggregate()));
        }
        if (!reporting.failure().isEmpty()) {
            tags.add("ruf=" + list(reporting.failure()));
        }
    }

    private static String list(List<ReportUri> uris) {
        return uris.stream().map(ReportUri::toString).collect(Collectors.joining(","));
    }
}
