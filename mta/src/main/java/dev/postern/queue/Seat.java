package dev.postern.queue;

/// The room in memory that a work has in its lane.
enum Seat {
    /// What the lane has for all.
    COMMON,

    /// What a sender with little to do has beside a lane that is full of the mail of others.
    OWN,

    /// What the lane has for urgent mail beside its backlog.
    URGENT,

    /// None: it stays on disk.
    NONE
}
