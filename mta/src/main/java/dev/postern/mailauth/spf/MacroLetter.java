package dev.postern.mailauth.spf;

import java.util.Optional;

/// What a macro stands for.
///
/// @rfc 7208 §7.2
public enum MacroLetter {
    /// The sender, local part and domain.
    SENDER('s', false),
    /// The local part of the sender.
    LOCAL_PART('l', false),
    /// The domain of the sender.
    SENDER_DOMAIN('o', false),
    /// The domain whose record is evaluated.
    DOMAIN('d', false),
    /// The address of the client, in parts with dots between.
    ADDRESS('i', false),
    /// A name of the client that has its address; nobody should use it.
    VALIDATED_NAME('p', false),
    /// `in-addr` or `ip6`.
    FAMILY('v', false),
    /// What the client said in HELO.
    HELO('h', false),
    /// The address of the client as people write it.
    READABLE_ADDRESS('c', true),
    /// The name of the host that checks.
    RECEIVER('r', true),
    /// The time, in seconds since the epoch.
    TIME('t', true);

    private final char letter;
    private final boolean onlyInExplanations;

    MacroLetter(char letter, boolean onlyInExplanations) {
        this.letter = letter;
        this.onlyInExplanations = onlyInExplanations;
    }

    /// The letter, lower case.
    public char letter() {
        return letter;
    }

    /// Whether it may stand in the text of an explanation only.
    public boolean isOnlyInExplanations() {
        return onlyInExplanations;
    }

    /// What a lower-case letter stands for.
    static Optional<MacroLetter> of(char lower) {
        for (MacroLetter known : values()) {
            if (known.letter == lower) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
