package dev.postern.feedback;

import java.util.Optional;

/// The words that reports have for the values of our enums: what `toString` says.
final class Vocabulary {
    private Vocabulary() {}

    /// The value that a word stands for, in whatever case.
    static <E extends Enum<E>> Optional<E> word(E[] values, String word) {
        for (E value : values) {
            if (value.toString().equalsIgnoreCase(word)) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
