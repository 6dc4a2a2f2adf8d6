package dev.postern.mailauth.spf;

/// Writes the header field that tells the result of a check.
///
/// Every value in it is a stranger's. Each is cut to {@value #LONGEST_VALUE} characters, everything
/// but printable ASCII becomes `?`, and what is no dot-atom stands in quotes with its own quotes
/// and backslashes escaped: so no value ends the field, its line, or its own quotes.
///
/// @rfc 7208 §9.1
public final class ReceivedSpf {
    private static final int LONGEST_VALUE = 255;
    private static final String FOLD = "\r\n\t";

    private ReceivedSpf() {}

    /// The field, folded, with CRLF at its end; each line is shorter than 998 octets.
    ///
    /// ```
    /// header-field   = "Received-SPF:" [CFWS] result FWS [comment FWS] [ key-value-list ] CRLF
    /// key-value-list = key-value-pair *( ";" [CFWS] key-value-pair ) [";"]
    /// key-value-pair = key [CFWS] "=" ( dot-atom / quoted-string )
    /// ```
    ///
    /// @param query what was checked
    /// @param result what the check of it came to
    public static String field(SpfQuery query, SpfResult result) {
        String client = new ClientText(query.client()).readable();
        StringBuilder field = new StringBuilder(512)
                .append("Received-SPF: ")
                .append(result.outcome().word())
                .append(FOLD)
                .append('(')
                .append(comment(query.receiver() + ": " + reason(result, client)))
                .append(')');
        pair(field.append(FOLD), "receiver", query.receiver().text());
        next(field, "identity", result.identity().word());
        next(field, "client-ip", client);
        next(field, "helo", query.helo());
        next(field, "envelope-from", query.sender().toString());
        if (result.finding() instanceof SpfResult.Matched || result.finding() instanceof SpfResult.Unmatched) {
            next(field, "mechanism", result.mechanism());
        }
        result.problem().ifPresent(problem -> next(field, "problem", problem));
        return field.append("\r\n").toString();
    }

    private static String reason(SpfResult result, String client) {
        String domain = result.domain();
        return switch (result.outcome()) {
            case PASS -> domain + " designates " + client + " as permitted sender";
            case FAIL -> domain + " does not permit " + client + " to send";
            case SOFTFAIL -> domain + " probably does not permit " + client + " to send";
            case NEUTRAL -> domain + " says nothing about " + client;
            case NONE -> domain + " has no SPF record";
            case TEMPERROR -> "DNS did not answer about " + domain;
            case PERMERROR -> "the SPF record of " + domain + " cannot be followed";
        };
    }

    private static void next(StringBuilder field, String key, String value) {
        pair(field.append(';').append(FOLD), key, value);
    }

    private static void pair(StringBuilder field, String key, String value) {
        String safe = Printable.of(value, LONGEST_VALUE);
        field.append(key).append('=');
        if (isDotAtom(safe)) {
            field.append(safe);
        } else {
            field.append('"')
                    .append(safe.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
    }

    /// Words for a comment: without what nests, ends or escapes there.
    private static String comment(String words) {
        return Printable.of(words, 2 * LONGEST_VALUE)
                .replace('(', '?')
                .replace(')', '?')
                .replace('\\', '?');
    }

    /// Whether a value needs no quotes (RFC 5322 §3.2.3).
    private static boolean isDotAtom(String value) {
        boolean atom = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '.') {
                if (!atom) {
                    return false;
                }
                atom = false;
            } else if (MacroString.isAlphanumeric(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0) {
                atom = true;
            } else {
                return false;
            }
        }
        return atom;
    }
}
