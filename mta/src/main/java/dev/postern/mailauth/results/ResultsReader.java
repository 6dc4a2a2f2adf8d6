package dev.postern.mailauth.results;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads results that somebody wrote.
///
/// ```
/// resinfo    = [CFWS] ";" methodspec [CFWS reasonspec] [CFWS 1*propspec]
/// methodspec = [CFWS] method [CFWS] "=" [CFWS] result
/// reasonspec = "reason" [CFWS] "=" [CFWS] value
/// propspec   = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue
/// method     = Keyword [ [CFWS] "/" [CFWS] method-version ]
/// ```
///
/// Wider than this in two things: a semicolon may stand at the end, and the value of a property may
/// hold what should be in quotes.
///
/// @rfc 8601 §2.2
final class ResultsReader {
    private static final int MOST_OCTETS = 65_536;
    private static final int MOST_RESULTS = 100;
    private static final int MOST_PROPERTIES = 100;
    private static final String NONE = "none";
    private static final String REASON = "reason";

    private final Cursor cursor;
    private final List<MethodResult> results = new ArrayList<>();

    private ResultsReader(Cursor cursor) {
        this.cursor = cursor;
    }

    /// A text that is no field.
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        Fault() {
            super(null, null, false, false);
        }
    }

    static Optional<AuthenticationResults> read(String payload) {
        if (payload.length() > MOST_OCTETS) {
            return Optional.empty();
        }
        String text = new String(payload.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        try {
            return Optional.of(new ResultsReader(new Cursor(text)).read());
        } catch (Fault notResults) {
            return Optional.empty(); // the fault is how the reader says "no"
        }
    }

    private AuthenticationResults read() throws Fault {
        skipSpace();
        String id = Written.clean(cursor.value().orElseThrow(Fault::new));
        skipSpace();
        cursor.skipDigits();
        skipSpace();
        if (id.isEmpty() || !cursor.take(';')) {
            throw new Fault();
        }
        do {
            skipSpace();
            if (!result()) {
                break;
            }
            skipSpace();
        } while (cursor.take(';') && !endsHere());
        if (!cursor.atEnd()) {
            throw new Fault();
        }
        return new AuthenticationResults(id, results);
    }

    private boolean endsHere() throws Fault {
        skipSpace();
        return cursor.atEnd();
    }

    /// Reads one result.
    ///
    /// @return false if it is the word that there is none, with which the field must end
    private boolean result() throws Fault {
        String method = keyword();
        skipSpace();
        if (cursor.take('/')) {
            skipSpace();
            cursor.skipDigits();
            skipSpace();
        }
        if (!cursor.take('=')) {
            if (results.isEmpty() && method.equalsIgnoreCase(NONE)) {
                return false;
            }
            throw new Fault();
        }
        skipSpace();
        MethodResult result = MethodResult.of(method, keyword());
        skipSpace();
        Optional<String> word = word();
        if (word.isPresent() && word.get().equalsIgnoreCase(REASON)) {
            result = result.because(reason());
            word = word();
        }
        List<ResultProperty> properties = new ArrayList<>();
        while (word.isPresent()) {
            properties.add(property(word.get()));
            word = word();
        }
        if (properties.size() > MOST_PROPERTIES || results.size() == MOST_RESULTS) {
            throw new Fault();
        }
        results.add(new MethodResult(result.method(), result.result(), result.reason(), properties));
        return true;
    }

    private String reason() throws Fault {
        skipSpace();
        if (!cursor.take('=')) {
            throw new Fault();
        }
        skipSpace();
        return cursor.value().orElseThrow(Fault::new);
    }

    private ResultProperty property(String type) throws Fault {
        skipSpace();
        if (!cursor.take('.')) {
            throw new Fault();
        }
        skipSpace();
        String name = keyword();
        skipSpace();
        if (!cursor.take('=')) {
            throw new Fault();
        }
        skipSpace();
        return new ResultProperty(type, name, propertyValue());
    }

    /// A bare value, or a quoted string that may be the local part of an address.
    private String propertyValue() throws Fault {
        String bare = cursor.bare();
        if (!bare.isEmpty()) {
            return bare;
        }
        String quoted = cursor.quotedString().orElseThrow(Fault::new);
        String rest = cursor.bare();
        return rest.isEmpty() ? quoted : Written.quoted(quoted) + rest;
    }

    /// The next keyword, if there is one.
    private Optional<String> word() throws Fault {
        skipSpace();
        String word = cursor.keyword();
        return word.isEmpty() ? Optional.empty() : Optional.of(checked(word));
    }

    private String keyword() throws Fault {
        return checked(cursor.keyword());
    }

    private static String checked(String word) throws Fault {
        if (!Written.isKeyword(word)) {
            throw new Fault();
        }
        return word;
    }

    private void skipSpace() throws Fault {
        if (!cursor.skipSpace()) {
            throw new Fault();
        }
    }
}
