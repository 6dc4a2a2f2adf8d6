package dev.postern.zonerecords;

import java.util.List;
import java.util.function.Function;

/// What the records that one name server has are worth, and which of them we may change.
///
/// Only what is known to be ours is taken away, and nothing is added where somebody else's word stands.
///
/// @param <R> what one record holds
/// @param why in words; empty where there is nothing to say
/// @param met those of the published records that are for this purpose
/// @param edit what would make it right
public record Judgement<R>(Mark mark, String why, List<R> met, Edit<R> edit) {
    public Judgement {
        met = List.copyOf(met);
    }

    /// It is right, with something to be said or nothing.
    static <R> Judgement<R> right(String why, List<R> met) {
        return new Judgement<>(Mark.RIGHT, why, met, Edit.none());
    }

    /// None is there: all of ours may be published.
    static <R> Judgement<R> missing(List<R> ours) {
        return new Judgement<>(Mark.MISSING, "", List.of(), new Edit<>(ours, List.of()));
    }

    /// Something else is there that is not for us to change.
    static <R> Judgement<R> foreign(Mark mark, String why, List<R> met) {
        return new Judgement<>(mark, why, met, Edit.none());
    }

    /// Of records of which only one may stand there: none is missing, and several are not for us to choose from.
    ///
    /// @param met those that are for this purpose
    /// @param several what is wrong with them if they are several, in words
    /// @param one what one is worth that stands alone
    static <R> Judgement<R> ofOnly(List<R> met, List<R> ours, String several, Function<R, Judgement<R>> one) {
        return switch (met.size()) {
            case 0 -> missing(ours);
            case 1 -> one.apply(met.getFirst());
            default -> foreign(Mark.SEVERAL, several, met);
        };
    }

    /// Something else is there in the place of ours.
    static <R> Judgement<R> replaced(String why, List<R> met, List<R> ours) {
        return new Judgement<>(Mark.DIFFERENT, why, met, new Edit<>(ours, met));
    }
}
