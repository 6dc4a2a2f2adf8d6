package dev.postern.zonerecords;

import java.util.List;

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

    /// Something else is there in the place of ours.
    static <R> Judgement<R> replaced(String why, List<R> met, List<R> ours) {
        return new Judgement<>(Mark.DIFFERENT, why, met, new Edit<>(ours, met));
    }
}
