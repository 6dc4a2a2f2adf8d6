package dev.postern.mailauth.dmarc;

/// How near to the author's domain one must be that vouches for it.
///
/// @rfc 9989 §4.4
public enum Alignment {
    /// Both have the same organizational domain.
    RELAXED("r"),
    /// Both are the same domain.
    STRICT("s");

    private final String letter;

    Alignment(String letter) {
        this.letter = letter;
    }

    /// The letter in records and reports: `r` or `s`.
    @Override
    public String toString() {
        return letter;
    }
}
