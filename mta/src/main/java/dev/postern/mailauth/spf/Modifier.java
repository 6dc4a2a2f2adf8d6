package dev.postern.mailauth.spf;

/// A name with a value that says something beside the mechanisms.
///
/// @rfc 7208 §6
public sealed interface Modifier extends Term {
    /// Another domain whose record takes over where no mechanism matches (RFC 7208 §6.1).
    ///
    /// @param text as it stands in the record
    record Redirect(String text, DomainSpec target) implements Modifier {
        public Redirect {
            Term.word(text);
        }

        @Override
        public boolean looksUp() {
            return true;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Where the words for those who are refused stand (RFC 7208 §6.2).
    ///
    /// @param text as it stands in the record
    record Explanation(String text, DomainSpec target) implements Modifier {
        public Explanation {
            Term.word(text);
        }

        @Override
        public boolean looksUp() {
            return false;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// One that no standard knows; it is ignored.
    ///
    /// @param text as it stands in the record
    record Unknown(String text, String name, MacroString value) implements Modifier {
        public Unknown {
            Term.word(text);
        }

        @Override
        public boolean looksUp() {
            return false;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
