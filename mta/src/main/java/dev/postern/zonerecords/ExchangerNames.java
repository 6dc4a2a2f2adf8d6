package dev.postern.zonerecords;

import dev.postern.crypto.CertificateNames;
import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The names by which other servers know this one as an exchanger, and so look for its TLSA records.
///
/// @param resolver tells the exchangers of our domains
/// @param names who we are
record ExchangerNames(Resolver resolver, Site.Names names) {
    private static final int MOST_DOMAINS = 200;
    private static final int MOST_HOSTS = 50;
    private static final String POLICY_HOST = "mta-sts.";

    /// Those under which one of these certificates is shown. A certificate that is for none of them is shown under our
    /// own name, unless it is for hosts of MTA-STS policies only.
    List<DomainName> shownUnder(List<X509Certificate> certificates) {
        List<CertificateNames> covering =
                certificates.stream().map(CertificateNames::of).toList();
        List<DomainName> covered = all().stream()
                .filter(host ->
                        covering.stream().anyMatch(one -> one.covering(host).isPresent()))
                .toList();
        return covered.isEmpty() && !areForPoliciesOnly(covering) ? List.of(names.host()) : covered;
    }

    /// Whether all these names are of hosts of MTA-STS policies: no mail comes to them.
    static boolean areForPoliciesOnly(List<CertificateNames> covering) {
        List<String> texts = covering.stream()
                .flatMap(one -> one.names().stream())
                .map(name -> name.domain().text())
                .toList();
        return !texts.isEmpty() && texts.stream().allMatch(name -> name.startsWith(POLICY_HOST));
    }

    /// All of them, our own first; as many as are known, where DNS does not tell.
    Set<DomainName> all() {
        Set<DomainName> hosts = new LinkedHashSet<>(List.of(names.host()));
        Stream<DomainName> exchangers = names.domains().stream()
                .limit(MOST_DOMAINS)
                .map(domain -> resolver.resolve(domain, RecordType.MX))
                // Each failure takes its time, and the next question would fail as well.
                .takeWhile(answer -> !(answer instanceof DnsAnswer.Failed))
                .flatMap(answer -> answer.recordsOrNone().stream())
                .flatMap(mx -> mx.host().stream());
        exchangers
                .filter(host -> host.text().length() <= Labels.LONGEST_SUBJECT)
                .limit(MOST_HOSTS)
                .forEach(hosts::add);
        return hosts;
    }
}
