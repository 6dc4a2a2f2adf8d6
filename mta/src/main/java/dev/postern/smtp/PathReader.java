package dev.postern.smtp;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import java.net.InetAddress;
import java.util.Optional;

/// Reads a path or a mailbox out of a text, from a position on.
///
/// ```
/// Reverse-path   = Path / "<>"
/// Forward-path   = Path
/// Path           = "<" [ A-d-l ":" ] Mailbox ">"
/// A-d-l          = At-domain *( "," At-domain )
/// At-domain      = "@" Domain
/// Mailbox        = Local-part "@" ( Domain / address-literal )
/// Local-part     = Dot-string / Quoted-string
/// Dot-string     = Atom *("." Atom)
/// Quoted-string  = DQUOTE *( qtextSMTP / "\" %d32-126 ) DQUOTE
/// qtextSMTP      = %d32-33 / %d35-91 / %d93-126 / UTF8-non-ascii
/// Domain         = sub-domain *("." sub-domain)
/// sub-domain     = Let-dig [Ldh-str] / U-label
/// address-literal = "[" ( IPv4-address-literal / IPv6-address-literal ) "]"
/// ```
///
/// Deviates: the empty quoted string is no local part here, since nobody has an inbox without a
/// name.
///
/// @rfc 5321 §4.1.2
/// @rfc 6531 §3.3
final class PathReader {
    private static final int MAX_PATH = 256;
    private static final String IPV6_TAG = "IPv6:";
    private static final String POSTMASTER = "postmaster";

    /// Groups of an IPv6 address that may be written beside a `::`, which stands for two or more
    /// (RFC 5321 §4.1.3).
    private static final int MAX_GROUPS_BESIDE_GAP = 6;

    private final String text;
    private final String status;
    private int at;

    /// @param status the enhanced status of a refusal: 5.1.7 for a sender, 5.1.3 for a recipient
    PathReader(String text, int from, String status) {
        this.text = text;
        this.at = from;
        this.status = status;
    }

    /// The index behind what has been read.
    int position() {
        return at;
    }

    ReversePath reversePath() throws SyntaxFault {
        if (text.startsWith("<>", at)) {
            at += 2;
            return new NullPath();
        }
        return path();
    }

    ForwardPath forwardPath() throws SyntaxFault {
        int end = at + 1 + POSTMASTER.length();
        if (text.regionMatches(true, at + 1, POSTMASTER, 0, POSTMASTER.length()) && text.startsWith(">", end)) {
            at = end + 1;
            return new Postmaster();
        }
        return path();
    }

    private Mailbox path() throws SyntaxFault {
        int start = at;
        expect('<', "an address stands in angle brackets");
        if (next() == '@') {
            skipSourceRoute();
        }
        Mailbox mailbox = mailbox();
        expect('>', "a character that no address has, or no closing angle bracket");
        if (Text.octets(text.substring(start, at)) > MAX_PATH) {
            throw fault("longer than " + MAX_PATH + " octets");
        }
        return mailbox;
    }

    /// Reads over a source route, which is obeyed by nobody (RFC 5321 §3.6.1, appendix C).
    private void skipSourceRoute() throws SyntaxFault {
        do {
            at++;
            domain();
            if (next() == ',') {
                at++;
                if (next() != '@') {
                    throw fault("a source route is a list of @domain");
                }
            }
        } while (next() == '@');
        expect(':', "a source route ends with a colon");
    }

    Mailbox mailbox() throws SyntaxFault {
        LocalPart localPart = localPart();
        expect('@', "an address is local-part@domain");
        Host host = next() == '[' ? addressLiteral() : new Host.Domain(domain());
        if (!Mailbox.fits(localPart, host)) {
            throw fault("longer than " + Mailbox.MAX_OCTETS + " octets");
        }
        return new Mailbox(localPart, host);
    }

    /// Whether everything has been read.
    boolean atEnd() {
        return at == text.length();
    }

    private LocalPart localPart() throws SyntaxFault {
        String value = next() == '"' ? quotedString() : dotString();
        if (Text.octets(value) > LocalPart.MAX_OCTETS) {
            throw fault("a local part longer than " + LocalPart.MAX_OCTETS + " octets");
        }
        if (Text.hasLoneSurrogate(value)) {
            throw fault("a local part that is not Unicode");
        }
        return new LocalPart(value);
    }

    private String dotString() throws SyntaxFault {
        int start = at;
        while (LocalPart.isAtext(next()) || next() == '.') {
            at++;
        }
        String value = text.substring(start, at);
        if (value.isEmpty()) {
            throw fault("no local part");
        }
        if (value.startsWith(".") || value.endsWith(".") || value.contains("..")) {
            throw fault("a dot too many in the local part");
        }
        return value;
    }

    private String quotedString() throws SyntaxFault {
        StringBuilder value = new StringBuilder();
        at++;
        while (next() != '"') {
            if (next() == '\\') {
                at++;
                if (next() > '~') {
                    throw fault("a backslash before what needs none");
                }
            }
            if (at >= text.length() || Text.isControl(next())) {
                throw fault("a quoted local part without its end");
            }
            value.append(next());
            at++;
        }
        at++;
        if (value.isEmpty()) {
            throw fault("no local part");
        }
        return value.toString();
    }

    private DomainName domain() throws SyntaxFault {
        int start = at;
        while (Text.isLetterOrDigit(next()) || next() == '-' || next() == '.' || next() > '\u009F') {
            at++;
        }
        String name = text.substring(start, at);
        Optional<DomainName> domain = name.endsWith(".") ? Optional.empty() : DomainName.parse(name);
        return domain.orElseThrow(() -> fault("not a domain name behind the @"));
    }

    /// Deviates: an IPv4 number with leading zeros is refused, since readers differ on what it
    /// means, and so is an address literal of any other kind, since none is registered.
    ///
    /// @rfc 5321 §4.1.3
    private Host addressLiteral() throws SyntaxFault {
        int end = text.indexOf(']', at);
        if (end < 0) {
            throw fault("an address literal ends with a bracket");
        }
        String literal = text.substring(at + 1, end);
        Optional<? extends InetAddress> address = literal.regionMatches(true, 0, IPV6_TAG, 0, IPV6_TAG.length())
                ? ip6(literal.substring(IPV6_TAG.length()))
                : IpText.ip4(literal);
        at = end + 1;
        return new Host.AddressLiteral(
                address.orElseThrow(() -> fault("not an address literal: [192.0.2.1] or [IPv6:2001:db8::1]")));
    }

    private static Optional<? extends InetAddress> ip6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && groups(text.substring(0, gap)) + groups(text.substring(gap + 2)) > MAX_GROUPS_BESIDE_GAP) {
            return Optional.empty();
        }
        return IpText.ip6(text);
    }

    private static int groups(String half) {
        if (half.isEmpty()) {
            return 0;
        }
        int colons = (int) half.chars().filter(c -> c == ':').count();
        return colons + (half.indexOf('.') < 0 ? 1 : 2);
    }

    /// The next character; NUL at the end, which no text that is read here holds.
    private char next() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char c, String why) throws SyntaxFault {
        if (next() != c) {
            throw fault(why);
        }
        at++;
    }

    private SyntaxFault fault(String why) {
        return new SyntaxFault(Reply.of(501, status, "Bad address: " + why));
    }
}
