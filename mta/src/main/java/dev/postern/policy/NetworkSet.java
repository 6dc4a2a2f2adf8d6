package dev.postern.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A list of networks; an address is in it if it lies in one of them, and in none of the exceptions.
public record NetworkSet(List<Network> networks, List<Network> exceptions) {
    public NetworkSet {
        networks = List.copyOf(networks);
        exceptions = List.copyOf(exceptions);
    }

    /// The list without exceptions.
    public NetworkSet(List<Network> networks) {
        this(networks, List.of());
    }

    /// The list without any network.
    public static NetworkSet none() {
        return new NetworkSet(List.of());
    }

    /// The list of the addresses that never leave a machine, of both families.
    public static NetworkSet loopback() {
        return of("127.0.0.0/8", "::1");
    }

    /// The list of these networks.
    ///
    /// @throws IllegalArgumentException with a sentence, for the first text that is no network
    public static NetworkSet of(String... texts) {
        return new NetworkSet(java.util.Arrays.stream(texts).map(Network::of).toList());
    }

    /// The same list but for what is in another.
    public NetworkSet except(NetworkSet others) {
        List<Network> all = new ArrayList<>(exceptions);
        all.addAll(others.networks());
        return new NetworkSet(networks, all);
    }

    /// The first network of the list in which an address lies.
    public Optional<Network> find(InetAddress address) {
        for (Network exception : exceptions) {
            if (exception.contains(address)) {
                return Optional.empty();
            }
        }
        for (Network network : networks) {
            if (network.contains(address)) {
                return Optional.of(network);
            }
        }
        return Optional.empty();
    }

    /// Whether an address lies in one of the networks.
    public boolean contains(InetAddress address) {
        return find(address).isPresent();
    }
}
