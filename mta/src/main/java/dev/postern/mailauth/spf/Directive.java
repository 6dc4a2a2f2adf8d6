package dev.postern.mailauth.spf;

/// A mechanism, and what is said about the clients that it matches.
///
/// @param text as it stands in the record
/// @rfc 7208 §4.6.1
public record Directive(String text, Qualifier qualifier, Mechanism mechanism) implements Term {
    public Directive {
        Term.word(text);
    }

    @Override
    public boolean looksUp() {
        return mechanism.looksUp();
    }

    @Override
    public String toString() {
        return text;
    }
}
