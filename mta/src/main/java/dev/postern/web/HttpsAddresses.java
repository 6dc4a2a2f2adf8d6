package dev.postern.web;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.wire.AddressScope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/// The addresses of a server by its name, asked of our own resolver, without those that must not be connected to;
/// each look-up has a virtual thread, since it blocks.
///
/// @param notPublic whether any address will do
record HttpsAddresses(Resolver resolver, boolean notPublic) implements SocketAddressResolver {
    /// How many addresses of one server and family are tried.
    private static final int MOST = 3;

    @Override
    public void resolve(
            String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> addresses) {
        Thread.ofVirtual().name("postern-web-names").start(() -> {
            try {
                addresses.succeeded(of(host).stream()
                        .map(address -> new InetSocketAddress(address, port))
                        .toList());
            } catch (UnknownHostException | RuntimeException e) {
                addresses.failed(e);
            }
        });
    }

    /// The addresses to be tried, in order: those of IPv6 and IPv4 take turns.
    ///
    /// @throws UnknownHostException with a sentence, if there is none
    List<InetAddress> of(String host) throws UnknownHostException {
        DomainName name = DomainName.parse(host)
                .filter(DomainName::isHostName)
                .orElseThrow(() -> new UnknownHostException("it is no name of a host"));
        LookUp six = look(name, RecordType.AAAA);
        LookUp four = look(name, RecordType.A);
        List<InetAddress> turns = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            if (i < six.addresses().size()) {
                turns.add(six.addresses().get(i));
            }
            if (i < four.addresses().size()) {
                turns.add(four.addresses().get(i));
            }
        }
        if (turns.isEmpty()) {
            throw new UnknownHostException("the host " + name + " "
                    + switch (six.lack().compareTo(four.lack()) > 0 ? six.lack() : four.lack()) {
                        case NONE -> "has no address";
                        case UNKNOWN -> "cannot be looked up now";
                        case UNFIT -> "has no public address, and to others nothing is sent from here";
                    });
        }
        return turns;
    }

    /// Why there may be fewer addresses than there should be, the most telling reason last.
    private enum Lack {
        NONE,
        UNKNOWN,
        UNFIT
    }

    private record LookUp(List<InetAddress> addresses, Lack lack) {}

    private LookUp look(DomainName name, RecordType<? extends InetAddress> type) {
        DnsAnswer<? extends InetAddress> answer = resolver.resolve(name, type);
        Set<InetAddress> fit = new LinkedHashSet<>();
        Lack lack = answer instanceof DnsAnswer.Failed<?> ? Lack.UNKNOWN : Lack.NONE;
        for (InetAddress record : answer.recordsOrNone()) {
            InetAddress address = AddressScope.unmapped(record);
            if (notPublic || AddressScope.of(address) == AddressScope.PUBLIC) {
                fit.add(named(name, address));
            } else {
                lack = Lack.UNFIT;
            }
        }
        return new LookUp(fit.stream().limit(MOST).toList(), lack);
    }

    /// The address with its name, which is that for which the certificate must be.
    private static InetAddress named(DomainName name, InetAddress address) {
        try {
            return InetAddress.getByAddress(name.text(), address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("the octets of an address are an address", impossible);
        }
    }
}
