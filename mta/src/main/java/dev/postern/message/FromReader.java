package dev.postern.message;

import dev.postern.dns.DomainName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads a From field, in one pass over it.
///
/// ```
/// from         = "From:" (mailbox-list / address-list) CRLF
/// address-list = address *("," address)
/// address      = mailbox / group
/// mailbox      = ([display-name] [CFWS] "<" addr-spec ">" [CFWS]) / addr-spec
/// group        = display-name ":" [mailbox-list] ";" [CFWS]
/// addr-spec    = local-part "@" domain
/// local-part   = dot-atom-text / quoted-string
/// domain       = dot-atom-text
/// ```
///
/// Deviates: narrower than the standard where readers are known to disagree. No comments and no
/// white space within an addr-spec, no routes, no address literals, no empty list elements, no
/// specials within a quoted local part, no encoded words in an address, no address of a foreign
/// domain in a comment or in a quoted string that has quotes within, no line of nothing but white
/// space. Wider in two things that many programs write: a display name may hold dots, and may be
/// the bare address itself (`a@example.org <a@example.org>`).
///
/// @rfc 5322 §3.4
/// @rfc 6854 §2.1
final class FromReader {
    /// The name of the field.
    static final String NAME = "From";

    private static final int MOST_OCTETS = 16_384;
    private static final int DEEPEST_COMMENT = 10;
    private static final char REPLACEMENT = '\uFFFD';
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    private final String text;
    private final List<AuthorMailbox> mailboxes = new ArrayList<>();

    /// The display name of each mailbox; empty where it has none.
    private final List<String> names = new ArrayList<>();

    /// Texts that a sloppy reader could look for addresses in.
    private final List<String> remarks = new ArrayList<>();

    private int at;

    private FromReader(String text) {
        this.text = text;
    }

    /// A field that is not what it should be.
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        Fault(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /// A word before an address.
    ///
    /// @param begin where it begins
    /// @param end where it ends
    private record Word(int begin, int end, boolean quoted) {}

    /// The author that a From field names.
    static Author read(HeaderField field) {
        if (field.text().length() > MOST_OCTETS) {
            return new Author.Malformed("a From field of more than " + MOST_OCTETS + " octets");
        }
        if (field.text().charAt(field.name().length()) != ':') {
            return new Author.Malformed("white space before the colon of the From field");
        }
        try {
            return new FromReader(decoded(field.body())).read();
        } catch (Fault fault) {
            return new Author.Malformed("a From field with " + fault.why());
        }
    }

    /// The display names of the author that a From field names, decoded (RFC 2047), one for each mailbox, empty where
    /// there is none; no names at all unless there is an author.
    static List<String> names(HeaderField field) {
        FromReader reader = new FromReader(decoded(field.body()));
        try {
            return reader.read() instanceof Author.Named ? List.copyOf(reader.names) : List.of();
        } catch (Fault fault) {
            return List.of(); // why is told by read
        }
    }

    /// The text that octets are in UTF-8. Display names in other character sets are nobody's
    /// address: what is not UTF-8 in them becomes a character that no address may have.
    private static String decoded(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private Author read() throws Fault {
        checkCharacters();
        address();
        while (at < text.length()) {
            expect(',');
            address();
        }
        if (mailboxes.isEmpty()) {
            return new Author.Absent("the From field is a group without members");
        }
        checkRemarks();
        return new Author.Named(mailboxes);
    }

    /// Control characters, CR and LF but for folding, and what ends a line for somebody.
    private void checkCharacters() throws Fault {
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fold = text.startsWith("\r\n ", i) || text.startsWith("\r\n\t", i);
            if (fold) {
                if (blank) {
                    throw new Fault("a line of nothing but white space");
                }
                blank = true;
                i++;
            } else if (c != '\t' && isControl(c)) {
                throw new Fault("a control character");
            } else if (c != ' ' && c != '\t') {
                blank = false;
            }
        }
        if (blank) {
            throw new Fault("a line of nothing but white space");
        }
    }

    private static boolean isControl(char c) {
        return c < ' ' || (c >= 127 && c <= 0x9F) || c == '\u2028' || c == '\u2029';
    }

    private void address() throws Fault {
        List<Word> words = words();
        if (peek() == ':' && !words.isEmpty()) {
            at++;
            members();
        } else {
            mailbox(words);
        }
    }

    /// The members of a group, as far as its semicolon and what may follow it.
    private void members() throws Fault {
        List<Word> words = words();
        boolean empty = words.isEmpty() && peek() == ';';
        if (!empty) {
            mailbox(words);
        }
        while (!empty && peek() == ',') {
            at++;
            mailbox(words());
        }
        expect(';');
        skipSpace();
    }

    /// A mailbox whose first words have been read.
    private void mailbox(List<Word> words) throws Fault {
        switch (peek()) {
            case '<' -> {
                mailboxes.add(angle());
                names.add(phrase(words));
            }
            case '@' -> {
                AuthorMailbox bare = addrSpec(words);
                skipSpace();
                if (peek() == '<' && !angle().equals(bare)) {
                    throw new Fault("a display name that is another address");
                }
                mailboxes.add(bare);
                names.add("");
            }
            default -> throw new Fault(words.isEmpty() ? "no address where one should be" : "words without an address");
        }
        skipSpace();
    }

    private AuthorMailbox angle() throws Fault {
        expect('<');
        skipWhite();
        if (peek() == '@') {
            throw new Fault("a route");
        }
        int begin = at;
        boolean quoted = peek() == '"';
        if (quoted) {
            quotedString();
        } else {
            atom();
        }
        AuthorMailbox mailbox = addrSpec(List.of(new Word(begin, at, quoted)));
        skipWhite();
        expect('>');
        return mailbox;
    }

    /// An address whose local part has been read as a word; the cursor stands where the `@` must
    /// be.
    private AuthorMailbox addrSpec(List<Word> words) throws Fault {
        if (words.size() != 1 || words.getFirst().end() != at) {
            throw new Fault("white space, a comment or several words before an @");
        }
        Word word = words.getFirst();
        String localPart = text.substring(word.begin(), word.end());
        if (!(word.quoted() ? isPlainQuoted(localPart) : isDotAtom(localPart))) {
            throw new Fault("a local part that readers read differently");
        }
        expect('@');
        if (peek() == '[') {
            throw new Fault("an address literal in place of a domain");
        }
        int begin = at;
        atom();
        String domain = text.substring(begin, at);
        Optional<DomainName> name = domain.endsWith(".") ? Optional.empty() : DomainName.parse(domain);
        return new AuthorMailbox(localPart, name.orElseThrow(() -> new Fault("a domain that is none")));
    }

    private static boolean isDotAtom(String text) {
        boolean dots = text.startsWith(".") || text.endsWith(".") || text.contains("..");
        return !text.isEmpty() && !dots && !text.contains("=?") && !isObscure(text);
    }

    private static boolean isPlainQuoted(String quoted) {
        String inner = quoted.substring(1, quoted.length() - 1);
        return !inner.isEmpty()
                && inner.chars().allMatch(c -> isAtext((char) c) || c == '.' || c == ' ')
                && !inner.contains("=?")
                && !isObscure(inner);
    }

    /// Whether characters are in a text that nobody sees, such as joiners and overrides of
    /// direction, or octets that were not UTF-8.
    private static boolean isObscure(String text) {
        return text.codePoints().anyMatch(c -> c == REPLACEMENT || Character.getType(c) == Character.FORMAT);
    }

    /// Words as they stand in a display name, possibly none, with comments and white space.
    private List<Word> words() throws Fault {
        List<Word> words = new ArrayList<>();
        skipSpace();
        while (at < text.length()) {
            int begin = at;
            char c = text.charAt(at);
            if (c == '"') {
                quotedString();
            } else if (isAtext(c) || c == '.') {
                atom();
            } else {
                return words;
            }
            words.add(new Word(begin, at, c == '"'));
            int end = at;
            skipSpace();
            if (at > end && peek() == '@') {
                throw new Fault("white space or a comment before an @");
            }
        }
        return words;
    }

    /// What a phrase means: quotes undone, encoded words decoded where they are not within quotes.
    private String phrase(List<Word> words) {
        StringBuilder phrase = new StringBuilder();
        StringBuilder atoms = new StringBuilder();
        for (Word word : words) {
            String as = text.substring(word.begin(), word.end());
            if (word.quoted()) {
                phrase.append(EncodedWords.decode(atoms.toString()));
                atoms.setLength(0);
                phrase.append(phrase.isEmpty() ? "" : " ").append(unquoted(as));
            } else {
                atoms.append(phrase.isEmpty() && atoms.isEmpty() ? "" : " ").append(as);
            }
        }
        return phrase.append(EncodedWords.decode(atoms.toString())).toString();
    }

    private static String unquoted(String quoted) {
        StringBuilder inner = new StringBuilder();
        for (int i = 1; i < quoted.length() - 1; i++) {
            i += quoted.charAt(i) == '\\' ? 1 : 0;
            inner.append(quoted.charAt(i));
        }
        return inner.toString().replace("\r\n", "");
    }

    private void atom() {
        while (at < text.length() && (isAtext(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
    }

    private static boolean isAtext(char c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c > 0x9F || ATEXT.indexOf(c) >= 0;
    }

    private void quotedString() throws Fault {
        int begin = at++;
        boolean escapes = false;
        while (peek() != '"') {
            if (at >= text.length()) {
                throw new Fault("a quote that does not end");
            }
            escapes |= peek() == '\\';
            at += peek() == '\\' ? 2 : 1;
        }
        at++;
        if (escapes) {
            remarks.add(text.substring(begin, at));
        }
    }

    /// White space and comments.
    private void skipSpace() throws Fault {
        skipWhite();
        while (peek() == '(') {
            comment();
            skipWhite();
        }
    }

    private void skipWhite() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void comment() throws Fault {
        int begin = at;
        int depth = 0;
        do {
            if (at >= text.length()) {
                throw new Fault("a comment that does not end");
            }
            char c = text.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth > DEEPEST_COMMENT) {
                throw new Fault("comments nested more than " + DEEPEST_COMMENT + " deep");
            }
            at += c == '\\' ? 2 : 1;
        } while (depth > 0);
        remarks.add(text.substring(begin, at));
    }

    /// An address in a remark must be of a domain that is an author anyway.
    private void checkRemarks() throws Fault {
        Set<DomainName> domains = new HashSet<>();
        mailboxes.forEach(mailbox -> domains.add(mailbox.domain()));
        for (String remark : remarks) {
            for (int i = remark.indexOf('@'); i >= 0; i = remark.indexOf('@', i + 1)) {
                int end = i + 1;
                while (end < remark.length() && isDomainChar(remark.charAt(end))) {
                    end++;
                }
                String name = remark.substring(i + 1, end);
                boolean foreign =
                        DomainName.parse(name).filter(domains::contains).isEmpty();
                if (foreign && name.indexOf('.') > 0) {
                    throw new Fault("an address of another domain in a comment or within quotes in quotes");
                }
            }
        }
    }

    private static boolean isDomainChar(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '.';
    }

    private void expect(char c) throws Fault {
        if (peek() != c) {
            throw new Fault(at < text.length() ? "a character out of place" : "an end too early");
        }
        at++;
    }

    /// The current char; NUL, which no field has, at the end.
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }
}
