package dev.postern.pressure;

/// How short a server is of something, the least first.
public enum Level {
    /// There is enough.
    CALM,
    /// It runs short.
    BUSY,
    /// It is used up, or so nearly that the rest is kept for what was begun.
    OVERLOADED
}
