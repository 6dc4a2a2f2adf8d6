package dev.postern.mailauth.spf;

import dev.postern.dns.RecordType;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// The address of a client in the forms that macros want.
///
/// @rfc 7208 §7.3
record ClientText(InetAddress client) {
    private static final int HEX = 16;
    private static final int GROUPS = 8;

    boolean isIp4() {
        return client instanceof Inet4Address;
    }

    /// The type of record that holds addresses of its family.
    RecordType<? extends InetAddress> addressType() {
        return isIp4() ? RecordType.A : RecordType.AAAA;
    }

    /// The word for its family in the tree of reverse names: `in-addr` or `ip6`.
    String family() {
        return isIp4() ? "in-addr" : "ip6";
    }

    /// Its octets, or for IPv6 its nibbles, with dots between.
    String dotted() {
        return String.join(".", parts());
    }

    /// The name that its PTR records are at (RFC 1035 §3.5, RFC 3596 §2.5).
    String reverseName() {
        return String.join(".", parts().reversed()) + "." + family() + ".arpa";
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (byte octet : client.getAddress()) {
            int value = octet & 0xFF;
            if (isIp4()) {
                parts.add(Integer.toString(value));
            } else {
                parts.add(Integer.toHexString(value / HEX));
                parts.add(Integer.toHexString(value % HEX));
            }
        }
        return parts;
    }

    /// As people write it: the longest run of zeros is left out (RFC 5952 §4).
    String readable() {
        if (isIp4()) {
            return client.getHostAddress();
        }
        byte[] octets = client.getAddress();
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (octets[2 * i] & 0xFF) << Byte.SIZE | (octets[2 * i + 1] & 0xFF);
        }
        int begin = 0;
        int longest = 1; // a single zero is written
        for (int i = 0; i < GROUPS; i++) {
            int run = zeros(groups, i);
            if (run > longest) {
                begin = i;
                longest = run;
            }
        }
        return longest == 1
                ? hex(groups, 0, GROUPS)
                : hex(groups, 0, begin) + "::" + hex(groups, begin + longest, GROUPS);
    }

    private static int zeros(int[] groups, int from) {
        int to = from;
        while (to < GROUPS && groups[to] == 0) {
            to++;
        }
        return to - from;
    }

    private static String hex(int[] groups, int from, int to) {
        List<String> words = new ArrayList<>();
        for (int i = from; i < to; i++) {
            words.add(Integer.toHexString(groups[i]));
        }
        return String.join(":", words);
    }
}
