package dev.postern.wire;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// The IPv6 addresses of peers, from text.
///
/// @spec https://www.rfc-editor.org/rfc/rfc4291 RFC 4291 §2.2
public final class Ipv6Text {
    private static final Pattern COLON_FORM = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private Ipv6Text() {}

    /// The address that a text in colon form is, without zone identifier; one that maps an IPv4 address is that, as
    /// the system has it for its sockets. Empty for anything else.
    public static Optional<InetAddress> parse(String text) {
        if (text.indexOf(':') < 0 || !COLON_FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAddress) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }
}
