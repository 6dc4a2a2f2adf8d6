package dev.postern.mailauth.spf;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.spf.MacroString.Literal;
import java.util.Optional;

/// A name that a term leads to, perhaps with macros in it.
///
/// @param text what stands in the record
/// @rfc 7208 §4.8
public record DomainSpec(MacroString text) {
    private static final int LONGEST_NAME = 253;

    /// Twice what a name can have, so that nothing which is left out could be part of one.
    private static final int ENOUGH = 2 * LONGEST_NAME;

    /// @throws IllegalArgumentException if it does not end as a name, or holds a macro for
    ///     explanations
    public DomainSpec {
        Optional<String> fault = fault(text);
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
    }

    /// The name that a part of a record is.
    ///
    /// ```
    /// domain-spec = macro-string domain-end
    /// domain-end  = ( "." toplabel [ "." ] ) / macro-expand
    /// toplabel    = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
    /// ```
    ///
    /// @rfc 7208 §7.1
    static DomainSpec parse(String text) throws BadTerm {
        MacroString read = MacroString.parse(text);
        Optional<String> fault = fault(read);
        if (fault.isPresent()) {
            throw new BadTerm(fault.get());
        }
        return new DomainSpec(read);
    }

    private static Optional<String> fault(MacroString text) {
        if (text.pieces().isEmpty()) {
            return Optional.of("a domain name is missing");
        }
        Optional<MacroString.Macro> misplaced = text.onlyForExplanations();
        if (misplaced.isPresent()) {
            return Optional.of(misplaced.get() + " may stand in the text of an explanation only");
        }
        return text.pieces().getLast() instanceof Literal end && !endsAsName(end.text())
                ? Optional.of("a domain name ends in a dot and a top-level name such as .org, or in a macro")
                : Optional.empty();
    }

    private static boolean endsAsName(String end) {
        String name = end.endsWith(".") ? end.substring(0, end.length() - 1) : end;
        int dot = name.lastIndexOf('.');
        return dot >= 0 && isTopLabel(name.substring(dot + 1));
    }

    private static boolean isTopLabel(String label) {
        boolean alphaOrHyphen = false;
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (!MacroString.isAlphanumeric(c) && c != '-') {
                return false;
            }
            alphaOrHyphen |= !MacroString.isDigit(c);
        }
        return alphaOrHyphen && !label.startsWith("-") && !label.endsWith("-");
    }

    /// The name to ask for now; empty if macros made something that is none.
    ///
    /// One that is too long loses labels from the left (RFC 7208 §7.3).
    ///
    /// Deviates: DNS can hold any octet in a label, but here a name with others than letters,
    /// digits, hyphens and underscores is none, since the resolver cannot be asked for it.
    Optional<DomainName> name(MacroString.Values values) throws Stop {
        String name = text.expandFromRight(values, ENOUGH);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        while (name.length() > LONGEST_NAME) {
            int dot = name.indexOf('.');
            if (dot < 0) {
                return Optional.empty();
            }
            name = name.substring(dot + 1);
        }
        // a local part beyond ASCII never matches (RFC 8616 §4), so it must not become an A-label
        return name.chars().allMatch(c -> c < 0x80) ? DomainName.parse(name) : Optional.empty();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
