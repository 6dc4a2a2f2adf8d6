package dev.postern.mailauth.iprev;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.WitnessedResolver;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Checks that the names of an address lead back to it, with at most {@value #MOST_NAMES} + 1
/// questions. May be shared by all threads.
///
/// @rfc 8601 §3
/// @rfc 1912 §2.1
public final class IprevVerifier {
    /// How many names of an address are looked at.
    public static final int MOST_NAMES = 10;

    private final Resolver resolver;

    public IprevVerifier(Resolver resolver) {
        this.resolver = resolver;
    }

    /// Checks the address of a client.
    public IprevResult check(InetAddress client) {
        return new Check(new WitnessedResolver(resolver), client).run();
    }

    /// The name below which PTR records of an address stand (RFC 1035 §3.5, RFC 3596 §2.5).
    public static DomainName reverseName(InetAddress address) {
        List<String> labels = new ArrayList<>();
        for (byte octet : address.getAddress()) {
            if (address instanceof Inet4Address) {
                labels.add(Integer.toString(octet & 0xFF));
            } else {
                String hex = HexFormat.of().toHexDigits(octet);
                labels.add(hex.substring(0, 1));
                labels.add(hex.substring(1));
            }
        }
        String family = address instanceof Inet4Address ? "in-addr" : "ip6";
        return DomainName.of(String.join(".", labels.reversed()) + "." + family + ".arpa");
    }

    private record Check(WitnessedResolver resolver, InetAddress client) {
        IprevResult run() {
            return switch (resolver.resolve(reverseName(client), RecordType.PTR)) {
                case DnsAnswer.Found<DomainName> found ->
                    confirm(found.records().stream()
                            .distinct()
                            .limit(MOST_NAMES)
                            .toList());
                case DnsAnswer.NoData<DomainName> _, DnsAnswer.NoDomain<DomainName> _ ->
                    without(IprevOutcome.PERMERROR, List.of(), "the address has no name");
                case DnsAnswer.Failed<DomainName> failed ->
                    without(IprevOutcome.TEMPERROR, List.of(), "PTR: " + failed.why());
            };
        }

        private IprevResult confirm(List<DomainName> names) {
            Optional<String> failure = Optional.empty();
            for (DomainName name : names) {
                switch (addresses(name)) {
                    case DnsAnswer.Found<? extends InetAddress> found
                    when found.records().contains(client) -> {
                        String why = name + " leads back to the address";
                        return new IprevResult(IprevOutcome.PASS, names, Optional.of(name), why, resolver.evidence());
                    }
                    case DnsAnswer.Failed<? extends InetAddress> failed ->
                        failure = Optional.of(name + ": " + failed.why());
                    case DnsAnswer.Found<? extends InetAddress> _,
                            DnsAnswer.NoData<? extends InetAddress> _,
                            DnsAnswer.NoDomain<? extends InetAddress> _ -> {
                        // the next name may lead back
                    }
                }
            }
            return failure.map(why -> without(IprevOutcome.TEMPERROR, names, why))
                    .orElseGet(() -> without(IprevOutcome.FAIL, names, "no name leads back to the address"));
        }

        private DnsAnswer<? extends InetAddress> addresses(DomainName name) {
            return client instanceof Inet4Address
                    ? resolver.resolve(name, RecordType.A)
                    : resolver.resolve(name, RecordType.AAAA);
        }

        private IprevResult without(IprevOutcome outcome, List<DomainName> names, String why) {
            return new IprevResult(outcome, names, Optional.empty(), why, resolver.evidence());
        }
    }
}
