package dev.postern.tlspolicy.tlsrpt;

import dev.postern.smtp.Blanks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a domain says of TLS reports on its servers: where they may go.
///
/// @param places in the order of the record, each once, at most {@value #MOST}; none if it names only such as reports
///     cannot go to
/// @spec https://www.rfc-editor.org/rfc/rfc8460 RFC 8460
public record TlsrptRecord(List<ReportPlace> places) {
    /// How many places of a record are read; those behind are left out.
    public static final int MOST = 20;

    private static final Pattern VERSION = Pattern.compile("v=TLSRPTv1[ \\t]*+;");
    private static final String RUA = "rua=";
    private static final Pattern EXTENSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[!-~].*+");

    /// @throws IllegalArgumentException if there are more than {@value #MOST} places
    public TlsrptRecord {
        places = List.copyOf(places);
        if (places.size() > MOST) {
            throw new IllegalArgumentException(places.size() + " places");
        }
    }

    /// Whether a text means to be such a record, well-formed or not: others at the same name do not count.
    ///
    /// @rfc 8460 §3
    public static boolean isMeant(String text) {
        return VERSION.matcher(text).lookingAt();
    }

    /// The record that a text is; empty if it is none.
    ///
    /// ```
    /// tlsrpt-record    = tlsrpt-version 1*(field-delim tlsrpt-field) [field-delim]
    /// field-delim      = *WSP ";" *WSP
    /// tlsrpt-field     = tlsrpt-rua / tlsrpt-extension      ; one rua at least
    /// tlsrpt-version   = %s"v=TLSRPTv1"
    /// tlsrpt-rua       = %s"rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri)
    /// tlsrpt-extension = tlsrpt-ext-name "=" tlsrpt-ext-value
    /// tlsrpt-ext-name  = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
    /// tlsrpt-ext-value = 1*(%x21-3A / %x3C / %x3E-7E)
    /// ```
    ///
    /// Values of extensions are not looked at, since later versions may have others.
    ///
    /// @rfc 8460 §3
    public static Optional<TlsrptRecord> parse(String text) {
        if (!isMeant(text)) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>(List.of(text.split(";", -1)));
        if (Blanks.off(fields.getLast()).isEmpty()) {
            fields.removeLast(); // the delimiter at the end
        }
        Set<ReportPlace> places = new LinkedHashSet<>();
        boolean told = false;
        for (String field : fields.subList(1, fields.size())) {
            String content = Blanks.off(field);
            if (content.startsWith(RUA) && content.length() > RUA.length()) {
                told = true;
                add(places, content.substring(RUA.length()));
            } else if (content.startsWith(RUA) || !EXTENSION.matcher(content).matches()) {
                return Optional.empty();
            }
        }
        return told ? Optional.of(new TlsrptRecord(places.stream().limit(MOST).toList())) : Optional.empty();
    }

    private static void add(Set<ReportPlace> places, String uris) {
        for (String uri : uris.split(",", -1)) {
            if (places.size() < MOST) {
                ReportPlace.parse(Blanks.off(uri)).ifPresent(places::add);
            }
        }
    }
}
