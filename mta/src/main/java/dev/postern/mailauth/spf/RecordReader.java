package dev.postern.mailauth.spf;

import dev.postern.dns.IpText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads the terms of one record, in one pass; used once.
///
/// ```
/// record           = version terms *SP
/// terms            = *( 1*SP ( directive / modifier ) )
/// directive        = [ qualifier ] mechanism
/// qualifier        = "+" / "-" / "?" / "~"
/// mechanism        = ( all / include / a / mx / ptr / ip4 / ip6 / exists )
/// all              = "all"
/// include          = "include" ":" domain-spec
/// a                = "a"      [ ":" domain-spec ] [ dual-cidr-length ]
/// mx               = "mx"     [ ":" domain-spec ] [ dual-cidr-length ]
/// ptr              = "ptr"    [ ":" domain-spec ]
/// ip4              = "ip4" ":" ip4-network [ ip4-cidr-length ]
/// ip6              = "ip6" ":" ip6-network [ ip6-cidr-length ]
/// exists           = "exists" ":" domain-spec
/// modifier         = redirect / explanation / unknown-modifier
/// redirect         = "redirect" "=" domain-spec
/// explanation      = "exp" "=" domain-spec
/// unknown-modifier = name "=" macro-string        ; where name is not any known modifier
/// name             = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
/// dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]
/// ip4-cidr-length  = "/" ("0" / %x31-39 0*1DIGIT) ; value range 0-32
/// ip6-cidr-length  = "/" ("0" / %x31-39 0*2DIGIT) ; value range 0-128
/// ```
///
/// @rfc 7208 §12
final class RecordReader {
    /// How much of a term is shown in a fault.
    static final int SHOWN = 60;

    private static final String MECHANISMS = "all, include, a, mx, ptr, ip4, ip6 and exists";

    private final String text;
    private final List<Term> terms = new ArrayList<>();
    private final List<SpfRecord.Fault> faults = new ArrayList<>();
    private int at;
    private boolean redirected;
    private boolean explained;

    /// @param at where the version ends
    RecordReader(String text, int at) {
        this.text = text;
        this.at = at;
    }

    SpfRecord.Reading read() {
        while (at < text.length() && faults.size() < SpfRecord.Bad.MOST_FAULTS) {
            if (text.charAt(at) == ' ') {
                at++;
                continue;
            }
            int space = text.indexOf(' ', at);
            int end = space < 0 ? text.length() : space;
            String term = text.substring(at, end);
            try {
                terms.add(term(term));
            } catch (BadTerm bad) {
                faults.add(new SpfRecord.Fault(at + 1, Printable.of(term, SHOWN), bad.what()));
            }
            at = end;
        }
        return faults.isEmpty() ? new SpfRecord.Good(new SpfRecord(terms)) : new SpfRecord.Bad(faults);
    }

    private Term term(String term) throws BadTerm {
        int name = nameLength(term);
        if (name > 0 && name < term.length() && term.charAt(name) == '=') {
            return modifier(term, term.substring(0, name), term.substring(name + 1));
        }
        Qualifier qualifier = Qualifier.PASS;
        int begin = 0;
        for (Qualifier known : Qualifier.values()) {
            if (term.charAt(0) == known.sign()) {
                qualifier = known;
                begin = 1;
            }
        }
        return new Directive(term, qualifier, mechanism(term.substring(begin)));
    }

    /// Of the name at the beginning, before `=`, `:`, `/` or the end; 0 if there is none.
    private static int nameLength(String term) {
        int length = 0;
        while (length < term.length()) {
            char c = term.charAt(length);
            boolean later = MacroString.isDigit(c) || c == '-' || c == '_' || c == '.';
            if (!MacroString.isAlpha(c) && (length == 0 || !later)) {
                break;
            }
            length++;
        }
        return length;
    }

    private Modifier modifier(String term, String name, String value) throws BadTerm {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "redirect" -> {
                if (redirected) {
                    throw new BadTerm("a record has one redirect at most");
                }
                redirected = true;
                yield new Modifier.Redirect(term, DomainSpec.parse(value));
            }
            case "exp" -> {
                if (explained) {
                    throw new BadTerm("a record has one exp at most");
                }
                explained = true;
                yield new Modifier.Explanation(term, DomainSpec.parse(value));
            }
            default -> new Modifier.Unknown(term, name, MacroString.parse(value));
        };
    }

    private static Mechanism mechanism(String term) throws BadTerm {
        int length = nameLength(term);
        String name = term.substring(0, length).toLowerCase(Locale.ROOT);
        String rest = term.substring(length);
        return switch (name) {
            case "all" -> {
                if (!rest.isEmpty()) {
                    throw new BadTerm("all stands alone");
                }
                yield new Mechanism.All();
            }
            case "include" -> new Mechanism.Include(target(name, rest));
            case "exists" -> new Mechanism.Exists(target(name, rest));
            case "ptr" -> new Mechanism.Ptr(rest.isEmpty() ? Optional.empty() : Optional.of(target(name, rest)));
            case "a" -> {
                int cidr = cidrAt(rest);
                yield new Mechanism.A(optionalTarget(name, rest.substring(0, cidr)), dualCidr(rest.substring(cidr)));
            }
            case "mx" -> {
                int cidr = cidrAt(rest);
                yield new Mechanism.Mx(optionalTarget(name, rest.substring(0, cidr)), dualCidr(rest.substring(cidr)));
            }
            case "ip4" -> ip4(rest);
            case "ip6" -> ip6(rest);
            case "ipv4", "ipv6", "ip" -> throw new BadTerm("no mechanism has this name; write ip4 or ip6");
            default -> throw new BadTerm("no mechanism has this name; there are " + MECHANISMS);
        };
    }

    private static DomainSpec target(String name, String rest) throws BadTerm {
        if (!rest.startsWith(":")) {
            throw new BadTerm(name + " is followed by a colon and a domain name");
        }
        return DomainSpec.parse(rest.substring(1));
    }

    private static Optional<DomainSpec> optionalTarget(String name, String rest) throws BadTerm {
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        if (rest.startsWith(":") && IpText.ip(rest.substring(1)).isPresent()) {
            throw new BadTerm("an address is written with ip4 or ip6, not with " + name);
        }
        return Optional.of(target(name, rest));
    }

    /// Where the prefix lengths begin at the end of a mechanism; its length if there are none.
    ///
    /// A slash and digits can belong to nothing else, since a domain name does not end in them.
    private static int cidrAt(String rest) {
        int begin = slashAndDigits(rest, rest.length());
        if (begin > 0 && begin < rest.length() && rest.charAt(begin - 1) == '/') {
            return slashAndDigits(rest, begin - 1);
        }
        return begin;
    }

    /// Where a slash and digits begin that end at a place; that place if there are none.
    private static int slashAndDigits(String rest, int end) {
        int begin = end;
        while (begin > 0 && MacroString.isDigit(rest.charAt(begin - 1))) {
            begin--;
        }
        return begin > 0 && begin < end && rest.charAt(begin - 1) == '/' ? begin - 1 : end;
    }

    private static DualCidr dualCidr(String text) throws BadTerm {
        int two = text.indexOf("//");
        String ip4 = two < 0 ? text : text.substring(0, two);
        return new DualCidr(
                ip4.isEmpty() ? DualCidr.IP4_BITS : bits(ip4.substring(1), DualCidr.IP4_BITS),
                two < 0 ? DualCidr.IP6_BITS : bits(text.substring(two + 2), DualCidr.IP6_BITS));
    }

    private static Mechanism ip4(String rest) throws BadTerm {
        int slash = slashOrEnd(rest);
        return new Mechanism.Ip4(
                IpText.ip4(network(rest, slash))
                        .orElseThrow(() -> new BadTerm("ip4 is followed by a colon and an address such as 192.0.2.1, or"
                                + " a network such as 192.0.2.0/24")),
                slash == rest.length() ? DualCidr.IP4_BITS : bits(rest.substring(slash + 1), DualCidr.IP4_BITS));
    }

    private static Mechanism ip6(String rest) throws BadTerm {
        int slash = slashOrEnd(rest);
        return new Mechanism.Ip6(
                IpText.ip6(network(rest, slash))
                        .orElseThrow(() -> new BadTerm("ip6 is followed by a colon and an address such as 2001:db8::1,"
                                + " or a network such as 2001:db8::/32")),
                slash == rest.length() ? DualCidr.IP6_BITS : bits(rest.substring(slash + 1), DualCidr.IP6_BITS));
    }

    private static int slashOrEnd(String rest) {
        int slash = rest.indexOf('/');
        return slash < 0 ? rest.length() : slash;
    }

    private static String network(String rest, int end) {
        return rest.startsWith(":") ? rest.substring(1, end) : "";
    }

    private static int bits(String digits, int most) throws BadTerm {
        boolean canonical = !digits.isEmpty()
                && digits.length() <= 3
                && digits.chars().allMatch(c -> MacroString.isDigit((char) c))
                && (digits.length() == 1 || digits.charAt(0) != '0');
        int bits = canonical ? Integer.parseInt(digits) : most + 1;
        if (bits > most) {
            throw new BadTerm("behind the slash stands a number from 0 to " + most + ", without zeros in front");
        }
        return bits;
    }
}
