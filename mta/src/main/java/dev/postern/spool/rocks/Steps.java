package dev.postern.spool.rocks;

/// Hears of each {@link Step}, on the thread that has done it: the place where a crash test stops
/// the spool dead.
@FunctionalInterface
interface Steps {
    /// One step is done.
    void done(Step step);

    /// Does nothing: how it is but in crash tests.
    static Steps none() {
        return step -> {};
    }
}
