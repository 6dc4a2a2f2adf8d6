package dev.postern.app.config;

import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The addresses at which this server takes mail: those it listens on, and where it listens on all,
/// those of the machine.
public final class OwnAddresses {
    private OwnAddresses() {}

    /// The addresses of all listeners.
    public static Set<InetAddress> of(Config.Listen listen) {
        Set<InetAddress> addresses = new HashSet<>();
        endpoints(listen).forEach(endpoint -> addresses.add(endpoint.address()));
        return addresses;
    }

    /// The addresses and ports at which other servers reach us.
    public static Set<Endpoint.Inet> endpoints(Config.Listen listen) {
        Set<Endpoint.Inet> endpoints = new HashSet<>();
        Stream.of(listen.mx(), listen.submission(), listen.submissions(), listen.lmtp())
                .flatMap(List::stream)
                .filter(Endpoint.Inet.class::isInstance)
                .map(Endpoint.Inet.class::cast)
                .forEach(inet -> {
                    if (inet.address().isAnyLocalAddress()) {
                        machine().forEach(address -> endpoints.add(new Endpoint.Inet(address, inet.port())));
                    } else {
                        endpoints.add(inet);
                    }
                });
        return endpoints;
    }

    private static List<InetAddress> machine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            return List.of(InetAddress.getLoopbackAddress()); // the system keeps its interfaces to itself
        }
    }
}
