package dev.postern.reportstore;

import java.util.List;
import java.util.Optional;

/// What a ledger counts, and how a line of its file tells it. Holds no state.
///
/// @param <P> what is known of a domain itself: what it asks for
/// @param <R> a row: things that were alike, and how many
public interface LedgerForm<P, R> {
    /// What holds after something more was seen, which is often nothing new.
    P merge(P before, P seen);

    /// How many a row stands for.
    long count(R row);

    /// The same row for another number, at least 1; what is beyond the most that a row can have is cut off.
    R counted(R row, long count);

    /// What a row counts as where there is no room for it: one of a few that every domain has room for. Empty: it is
    /// counted apart, and nothing more is known of it.
    Optional<R> coarse(R row);

    /// What is known of a domain, in words of a line without tabulators and line ends.
    String aboutText(P about);

    /// What these words say; empty if they say nothing.
    ///
    /// @throws IllegalArgumentException or IndexOutOfBoundsException if they say nothing, too
    Optional<P> about(List<String> words);

    /// A row, in words of a line with tabulators between.
    String rowText(R row);

    /// The row that words are.
    ///
    /// @throws IllegalArgumentException or IndexOutOfBoundsException if they are none
    R row(List<String> words);
}
