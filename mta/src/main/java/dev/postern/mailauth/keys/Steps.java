package dev.postern.mailauth.keys;

/// Hears of each {@link Step} that is done: the place where a crash test stops a rotation dead.
@FunctionalInterface
interface Steps {
    /// One step is done.
    void done(Step step);

    /// Does nothing: how it is but in crash tests.
    static Steps none() {
        return step -> {};
    }
}
