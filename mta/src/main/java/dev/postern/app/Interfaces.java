package dev.postern.app;

import dev.postern.zonerecords.LocalAddresses;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/// The network interfaces of this machine.
final class Interfaces {
    private Interfaces() {}

    /// Their addresses, if one of them is public; else, and where the system does not tell, they are unknown: others
    /// reach this machine by addresses of a translator.
    static LocalAddresses addresses() {
        try {
            Set<InetAddress> addresses = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isAnyLocalAddress() && !address.isLinkLocalAddress())
                    .collect(Collectors.toSet());
            return addresses.stream().anyMatch(address -> !address.isLoopbackAddress() && !address.isSiteLocalAddress())
                    ? new LocalAddresses(addresses)
                    : LocalAddresses.unknown();
        } catch (SocketException untold) {
            return LocalAddresses.unknown(); // what cannot be compared is not compared
        }
    }
}
