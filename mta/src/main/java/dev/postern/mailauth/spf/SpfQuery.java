package dev.postern.mailauth.spf;

import dev.postern.dns.DomainName;
import dev.postern.smtp.ReversePath;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// What a client claims, and to whom.
///
/// @param client its address, without name and zone; an IPv4 address that was mapped into IPv6 is
///     the IPv4 address (RFC 7208 §5)
/// @param helo what it said in HELO or EHLO, whatever that is; only the first {@value
///     #LONGEST_HELO} characters are kept, which is more than any name of a host has
/// @param sender the reverse-path
/// @param receiver the name of the host that checks
public record SpfQuery(InetAddress client, String helo, ReversePath sender, DomainName receiver) {
    /// How many characters of a HELO name are kept.
    public static final int LONGEST_HELO = 512;

    public SpfQuery {
        try {
            client = InetAddress.getByAddress(client.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of a length that none has", e);
        }
        helo = helo.length() <= LONGEST_HELO ? helo : helo.substring(0, LONGEST_HELO);
    }
}
