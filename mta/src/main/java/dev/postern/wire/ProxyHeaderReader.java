package dev.postern.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/// Reads PROXY headers of both versions; what it says of some octets depends on these octets alone, so they may come
/// in pieces of any size.
///
/// Deviates: addresses of Unix sockets and datagrams are refused, which may also be taken for unknown ones (section
/// 2.2): no balancer passes mail on from there.
///
/// @spec https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt PROXY protocol, section 2
final class ProxyHeaderReader {
    /// Octets of a line of version 1, CRLF included (section 2.1).
    private static final int MAX_LINE = 107;

    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /// `PROXY UNKNOWN` and CRLF: there is no shorter header.
    private static final int SHORTEST = 15;

    private static final int FIXED = 16;
    private static final int MAX_PORT = 0xFFFF;
    private static final int CHECKSUM = 0x03;

    private ProxyHeaderReader() {}

    /// What the octets amount to, which are all that have come; none behind the header may be among them.
    static ProxyHeader.Reading read(byte[] octets) {
        if (startsAlike(octets, TEXT)) {
            return octets.length < TEXT.length ? missing(SHORTEST, octets) : line(octets);
        }
        if (startsAlike(octets, BINARY)) {
            return octets.length < FIXED ? missing(octets.length < SHORTEST ? SHORTEST : FIXED, octets) : block(octets);
        }
        return new ProxyHeader.Refused("no PROXY header");
    }

    private static boolean startsAlike(byte[] octets, byte[] signature) {
        int common = Math.min(octets.length, signature.length);
        return Arrays.equals(octets, 0, common, signature, 0, common);
    }

    private static ProxyHeader.Reading missing(int whole, byte[] octets) {
        return new ProxyHeader.Unfinished(whole - octets.length);
    }

    // Version 1

    private static ProxyHeader.Reading line(byte[] octets) {
        int last = octets.length - 1;
        for (int i = 0; i < last; i++) {
            if (octets[i] == '\n' || (octets[i] == '\r' && i < last - 1)) {
                return new ProxyHeader.Refused("a line end that is not CRLF, or not the end");
            }
        }
        if (octets[last] == '\n' && octets[last - 1] == '\r') {
            return words(new String(octets, 0, last - 1, StandardCharsets.ISO_8859_1));
        }
        if (octets[last] == '\n' || octets[last - 1] == '\r') {
            return new ProxyHeader.Refused("a line end that is not CRLF, or not the end");
        }
        if (octets.length >= MAX_LINE) {
            return new ProxyHeader.Refused("a line of more than " + MAX_LINE + " octets");
        }
        int end = octets[last] == '\r' ? 1 : 2;
        return new ProxyHeader.Unfinished(Math.max(Math.min(end, MAX_LINE - octets.length), SHORTEST - octets.length));
    }

    /// ```
    /// header = "PROXY" SP ( "UNKNOWN" *OCTET /
    ///          ( "TCP4" / "TCP6" ) SP source SP destination SP source-port SP destination-port ) CRLF
    /// ```
    private static ProxyHeader.Reading words(String line) {
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new ProxyHeader.Whole(new ProxyHeader.Own());
        }
        boolean ipv4 = words[1].equals("TCP4");
        if (words.length != 6 || !(ipv4 || words[1].equals("TCP6"))) {
            return new ProxyHeader.Refused("not TCP4, TCP6 or UNKNOWN with what belongs to it");
        }
        Optional<Endpoint.Inet> source = end(ipv4, words[2], words[4]);
        Optional<Endpoint.Inet> destination = end(ipv4, words[3], words[5]);
        return source.isEmpty() || destination.isEmpty()
                ? new ProxyHeader.Refused("an address or a port that is none")
                : new ProxyHeader.Whole(new ProxyHeader.Passed(source.get(), destination.get()));
    }

    private static Optional<Endpoint.Inet> end(boolean ipv4, String address, String port) {
        Optional<InetAddress> literal = ipv4 ? ipv4(address) : Ipv6Text.parse(address);
        OptionalInt number = decimal(port, MAX_PORT);
        return literal.isEmpty() || number.isEmpty()
                ? Optional.empty()
                : Optional.of(new Endpoint.Inet(literal.get(), number.getAsInt()));
    }

    private static Optional<InetAddress> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] address = new byte[Integer.BYTES];
        if (parts.length != address.length) {
            return Optional.empty();
        }
        for (int i = 0; i < parts.length; i++) {
            OptionalInt part = decimal(parts[i], 0xFF);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            address[i] = (byte) part.getAsInt();
        }
        return Optional.of(address(address));
    }

    /// A number without leading zeros.
    private static OptionalInt decimal(String digits, int most) {
        boolean wellFormed = !digits.isEmpty()
                && digits.length() <= 5
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        int number = wellFormed ? Integer.parseInt(digits) : -1;
        return number < 0 || number > most ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    // Version 2

    /// Twelve octets of signature, version and command, family and transport, the length of the rest; then the
    /// addresses, then other things (TLV), of which only the checksum is looked at (section 2.2).
    private static ProxyHeader.Reading block(byte[] octets) {
        int length = ByteBuffer.wrap(octets).getShort(FIXED - Short.BYTES) & 0xFFFF;
        if (FIXED + length > ProxyHeader.MAX_OCTETS) {
            return new ProxyHeader.Refused("more than " + ProxyHeader.MAX_OCTETS + " octets");
        }
        if (octets.length < FIXED + length) {
            return missing(FIXED + length, octets);
        }
        if (octets.length > FIXED + length) {
            return new ProxyHeader.Refused("octets behind the header");
        }
        return switch (octets[BINARY.length] & 0xFF) {
            case 0x20 -> new ProxyHeader.Whole(new ProxyHeader.Own());
            case 0x21 -> passed(octets);
            default -> new ProxyHeader.Refused("a version or command that is unknown");
        };
    }

    private static ProxyHeader.Reading passed(byte[] octets) {
        return switch (octets[BINARY.length + 1] & 0xFF) {
            case 0x00 -> new ProxyHeader.Whole(new ProxyHeader.Own());
            case 0x11 -> passed(octets, Integer.BYTES);
            case 0x21 -> passed(octets, 2 * Long.BYTES);
            default -> new ProxyHeader.Refused("neither TCP over IPv4 nor over IPv6");
        };
    }

    private static ProxyHeader.Reading passed(byte[] octets, int width) {
        int ports = FIXED + 2 * width;
        int end = ports + 2 * Short.BYTES;
        if (octets.length < end) {
            return new ProxyHeader.Refused("addresses that are cut short");
        }
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        Endpoint.Inet source = new Endpoint.Inet(
                address(Arrays.copyOfRange(octets, FIXED, FIXED + width)), buffer.getShort(ports) & 0xFFFF);
        Endpoint.Inet destination = new Endpoint.Inet(
                address(Arrays.copyOfRange(octets, FIXED + width, ports)),
                buffer.getShort(ports + Short.BYTES) & 0xFFFF);
        return checked(octets, end, new ProxyHeader.Passed(source, destination));
    }

    /// `pp2_tlv = type (1 octet), length (2 octets), value`; the checksum is over the whole header with zeros in its
    /// own place (section 2.2.4).
    private static ProxyHeader.Reading checked(byte[] octets, int start, ProxyHeader header) {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        int at = start;
        while (at < octets.length) {
            int value = at + 1 + Short.BYTES;
            int next = value > octets.length ? Integer.MAX_VALUE : value + (buffer.getShort(at + 1) & 0xFFFF);
            if (next > octets.length) {
                return new ProxyHeader.Refused("a field that reaches beyond the header");
            }
            if (octets[at] == CHECKSUM && !isRight(octets, value, next)) {
                return new ProxyHeader.Refused("a checksum that is wrong");
            }
            at = next;
        }
        return new ProxyHeader.Whole(header);
    }

    private static boolean isRight(byte[] octets, int from, int to) {
        if (to - from != Integer.BYTES) {
            return false;
        }
        byte[] blank = octets.clone();
        Arrays.fill(blank, from, to, (byte) 0);
        CRC32C sum = new CRC32C();
        sum.update(blank);
        return (int) sum.getValue() == ByteBuffer.wrap(octets).getInt(from);
    }
}
