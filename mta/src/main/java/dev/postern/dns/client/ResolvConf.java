package dev.postern.dns.client;

import dev.postern.dns.IpText;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The name servers that this host is set up with, as `/etc/resolv.conf` names them; read once.
///
/// Search lists and options are not heeded: names here are complete, and the times are settings of our own.
///
/// @param servers 1 to 3, the preferred first
public record ResolvConf(List<Endpoint.Inet> servers) {
    /// Where it usually is.
    public static final Path USUAL = Path.of("/etc/resolv.conf");

    private static final int MAX_SERVERS = 3;
    private static final String LOOPBACK = "127.0.0.1";

    public ResolvConf {
        servers = List.copyOf(servers);
    }

    /// Reads a file; one that is not there means the server on this host, as it does to every other program.
    public static ResolvConf read(Path file) throws IOException {
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException absent) {
            return parse("");
        }
    }

    /// Reads the text of such a file; what is not understood is passed over, as every other program does.
    ///
    /// ```
    /// line = "nameserver" 1*blank address [ "%" zone ] *any
    /// ```
    public static ResolvConf parse(String text) {
        List<Endpoint.Inet> servers = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] words = line.strip().split("[ \t]+", -1);
            if (words.length >= 2 && words[0].equals("nameserver") && servers.size() < MAX_SERVERS) {
                address(words[1]).ifPresent(address -> servers.add(new Endpoint.Inet(address, DnsSettings.DNS_PORT)));
            }
        }
        if (servers.isEmpty()) {
            servers.add(new Endpoint.Inet(IpText.ip4(LOOPBACK).orElseThrow(), DnsSettings.DNS_PORT));
        }
        return new ResolvConf(servers);
    }

    private static Optional<InetAddress> address(String text) {
        if (text.indexOf('%') < 0) {
            return IpText.ip(text);
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException noSuchInterface) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }
}
