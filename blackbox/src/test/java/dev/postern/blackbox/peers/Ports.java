package dev.postern.blackbox.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback interface.
public final class Ports {
    // Below the ports that the kernel gives to outgoing connections (32768 and up on Linux), so that none of those
    // takes a port between the look and its use.
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int TRIES = 200;

    private Ports() {}

    /// The IPv4 loopback address, under which every peer listens.
    public static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    /// A port on which nobody listened a moment ago.
    public static int free() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port among " + TRIES + " tried between " + FIRST + " and " + LAST);
    }

    /// An address of the loopback interface, none of the first, on whose port nobody listened a moment ago.
    public static String freeAddress(int port) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            String address = "127." + random.nextInt(1, 255) + "." + random.nextInt(255) + "." + random.nextInt(1, 255);
            if (isFree(InetAddress.ofLiteral(address), port)) {
                return address;
            }
        }
        throw new IOException("no loopback address with port " + port + " free among " + TRIES + " tried");
    }

    private static boolean isFree(int port) {
        return isFree(loopback(), port);
    }

    private static boolean isFree(InetAddress address, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, port), 1);
            return true;
        } catch (IOException taken) {
            // A port that cannot be bound is the answer "no"; the caller tries another.
            return false;
        }
    }

    /// Whether somebody accepts connections on this port now.
    public static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), 1_000);
            return true;
        } catch (IOException refused) {
            // Refused is the answer "not yet"; the caller has the bound.
            return false;
        }
    }

    /// Whether somebody accepts connections on this Unix socket now.
    public static boolean isListening(Path unixSocket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(unixSocket));
        } catch (IOException refused) {
            // Refused or not there is the answer "not yet"; the caller has the bound.
            return false;
        }
    }
}
