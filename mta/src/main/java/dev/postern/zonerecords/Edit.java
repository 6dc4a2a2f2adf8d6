package dev.postern.zonerecords;

import java.util.List;

/// Which records of a name we may change, of those of one type.
///
/// @param <R> what one record holds
/// @param add what is missing and may be published without harm to what is there
/// @param remove what is there, is ours and should not be
public record Edit<R>(List<R> add, List<R> remove) {
    public Edit {
        add = List.copyOf(add);
        remove = List.copyOf(remove);
    }

    /// Nothing.
    public static <R> Edit<R> none() {
        return new Edit<>(List.of(), List.of());
    }

    /// Whether nothing is changed.
    public boolean isEmpty() {
        return add.isEmpty() && remove.isEmpty();
    }
}
