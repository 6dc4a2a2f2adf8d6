package dev.postern.wire;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an exception of a connection says, as it may be told to others: in one line, and without the addresses in
/// memory that Conscrypt's have, which are nobody's business.
public final class TlsWords {
    /// `error:10000110:SSL routines:OPENSSL_internal:CANNOT_PARSE_LEAF_CERT (file:line 0x7f...:0x0)`.
    private static final Pattern REASON = Pattern.compile("OPENSSL_internal:([A-Z0-9_]+)");

    private static final Pattern MEMORY = Pattern.compile("\\s*\\(?(ssl=)?0x[0-9a-fA-F]{5,}\\)?:?");
    private static final int MOST = 300;

    private TlsWords() {}

    /// Its message; its kind where it has none.
    public static String of(IOException e) {
        String message = e.getMessage();
        if (message == null) {
            return e.getClass().getSimpleName();
        }
        Matcher reason = REASON.matcher(message);
        if (reason.find()) {
            return "TLS failed: " + reason.group(1);
        }
        String line = MEMORY.matcher(message.lines().findFirst().orElse("")).replaceAll("");
        return line.length() <= MOST ? line : line.substring(0, MOST) + " ...";
    }
}
