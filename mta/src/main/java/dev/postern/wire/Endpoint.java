package dev.postern.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// One end of a connection.
public sealed interface Endpoint {
    /// An address and a TCP port, 0 to 65535.
    record Inet(InetAddress address, int port) implements Endpoint {
        public Inet {
            if (port < 0 || port > 0xFFFF) {
                throw new IllegalArgumentException("port " + port);
            }
        }

        /// The socket address, resolved.
        public InetSocketAddress socketAddress() {
            return new InetSocketAddress(address, port);
        }

        @Override
        public String toString() {
            return address instanceof Inet6Address
                    ? "[" + address.getHostAddress() + "]:" + port
                    : address.getHostAddress() + ":" + port;
        }
    }

    /// A Unix domain socket in the file system.
    record Unix(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /// The end of a connection within this process, with a name for the logs.
    record Memory(String name) implements Endpoint {
        @Override
        public String toString() {
            return "memory:" + name;
        }
    }
}
