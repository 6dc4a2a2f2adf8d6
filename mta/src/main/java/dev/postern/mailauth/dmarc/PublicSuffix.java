package dev.postern.mailauth.dmarc;

/// What a record says of its domain: whether others register names below it.
///
/// @rfc 9989 §4.7
public enum PublicSuffix {
    /// It is a public suffix: organizational domains begin one label below.
    YES("y"),
    /// It is the organizational domain of all names below it.
    NO("n"),
    /// It is no public suffix, and organizational domain or not as the tree has it.
    UNSAID("u");

    private final String letter;

    PublicSuffix(String letter) {
        this.letter = letter;
    }

    /// The letter in records.
    @Override
    public String toString() {
        return letter;
    }
}
