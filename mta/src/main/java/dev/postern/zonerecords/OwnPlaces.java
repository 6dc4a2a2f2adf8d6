package dev.postern.zonerecords;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.iprev.IprevVerifier;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks where the names lead that have to lead to this server, and what its addresses are called.
///
/// @param here the addresses of this machine
record OwnPlaces(Resolver resolver, LocalAddresses here) {
    /// What a name leads to.
    ///
    /// @param trouble why that is not known, in words
    private record Lead(Set<InetAddress> addresses, Optional<String> trouble) {}

    /// One finding for each name, and one for each address of this server.
    Stream<Finding> findings(List<OwnName> names) {
        return names.stream().flatMap(name -> {
            Lead lead = lead(name.name());
            return name.isHost()
                    ? Stream.concat(
                            Stream.of(host(name, lead)),
                            lead.addresses().stream().map(address -> pointer(address, name.host())))
                    : Stream.of(other(name, lead));
        });
    }

    /// Whether DNSSEC vouches for the addresses of a host, or for their absence.
    boolean isAuthentic(DomainName host) {
        return Stream.of(RecordType.A, RecordType.AAAA).allMatch(type -> isAuthentic(resolver.resolve(host, type)));
    }

    private static boolean isAuthentic(DnsAnswer<?> answer) {
        return switch (answer) {
            case DnsAnswer.Found<?> found -> found.authentic();
            case DnsAnswer.NoData<?> none -> none.authentic();
            case DnsAnswer.NoDomain<?> none -> none.authentic();
            case DnsAnswer.Failed<?> _ -> false;
        };
    }

    private Lead lead(DomainName name) {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        Optional<String> trouble = Optional.empty();
        for (RecordType<? extends InetAddress> type : List.of(RecordType.A, RecordType.AAAA)) {
            DnsAnswer<? extends InetAddress> answer = resolver.resolve(name, type);
            addresses.addAll(answer.recordsOrNone());
            if (answer instanceof DnsAnswer.Failed<?>(String why)) {
                trouble = Optional.of(why);
            }
        }
        return new Lead(addresses, trouble);
    }

    private Finding host(OwnName name, Lead lead) {
        List<String> words = new ArrayList<>();
        lead.trouble().ifPresent(words::add);
        Mark mark = Mark.RIGHT;
        if (lead.addresses().isEmpty()) {
            mark = lead.trouble().isPresent() ? Mark.UNTOLD : Mark.MISSING;
            if (mark == Mark.MISSING) {
                words.add("publish an A record with this server's IPv4 address, and an AAAA record if it has IPv6");
            }
        } else if (!here.all().isEmpty() && lead.addresses().stream().noneMatch(here.all()::contains)) {
            words.add("none of them is an address of this machine, which is right only behind something that passes"
                    + " connections on");
        }
        return finding("address", name, mark, words, texts(lead));
    }

    private Finding other(OwnName name, Lead lead) {
        Lead own = lead(name.host());
        List<String> words = new ArrayList<>();
        Stream.concat(lead.trouble().stream(), own.trouble().stream()).forEach(words::add);
        Mark mark;
        if (!words.isEmpty()) {
            mark = Mark.UNTOLD;
        } else if (lead.addresses().isEmpty()) {
            mark = Mark.MISSING;
        } else if (own.addresses().containsAll(lead.addresses())) {
            mark = Mark.RIGHT;
        } else {
            mark = Mark.DIFFERENT;
            words.add("it does not lead to " + name.host());
        }
        Finding finding = finding("MTA-STS host", name, mark, words, texts(lead));
        return mark == Mark.MISSING
                ? new Finding(
                        finding.subject(),
                        mark,
                        words,
                        finding.texts(),
                        Optional.of(new RecordChange<>(
                                name.name(),
                                RecordType.CNAME,
                                PublishedSet.none(Duration.ZERO),
                                new Edit<>(List.of(name.host()), List.of()))))
                : finding;
    }

    /// The name of an address of ours, which its owner publishes, most often the provider.
    private Finding pointer(InetAddress address, DomainName host) {
        DomainName name = IprevVerifier.reverseName(address);
        DnsAnswer<DomainName> answer = resolver.resolve(name, RecordType.PTR);
        Set<DomainName> names = new TreeSet<>(answer.recordsOrNone());
        List<String> words = new ArrayList<>();
        Mark mark;
        if (answer instanceof DnsAnswer.Failed<DomainName>(String why)) {
            mark = Mark.UNTOLD;
            words.add(why);
        } else if (names.contains(host)) {
            mark = Mark.RIGHT;
        } else {
            mark = names.isEmpty() ? Mark.MISSING : Mark.DIFFERENT;
            words.add("ask the owner of " + address.getHostAddress() + ", most often the provider, for it");
        }
        return new Finding(
                new Finding.Subject("PTR", name.text(), RecordType.PTR.mnemonic()),
                mark,
                words,
                new Finding.Texts(
                        List.of(MasterFile.line(name, RecordType.PTR, host)),
                        names.stream().map(MasterFile::data).toList()),
                Optional.empty());
    }

    private static List<String> texts(Lead lead) {
        return lead.addresses().stream().map(MasterFile::data).collect(Collectors.toList());
    }

    private static Finding finding(String purpose, OwnName name, Mark mark, List<String> words, List<String> found) {
        return new Finding(
                new Finding.Subject(purpose, name.name().text(), name.isHost() ? "A/AAAA" : "CNAME"),
                mark,
                words,
                new Finding.Texts(name.lines(), found),
                Optional.empty());
    }
}
