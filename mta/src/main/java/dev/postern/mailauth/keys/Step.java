package dev.postern.mailauth.keys;

/// A point of a rotation after which a crash leaves a state of its own on disk; in the order of the rotation.
enum Step {
    /// One of the next keys is written, where nobody looks.
    KEY_WRITTEN,
    /// The next keys wait.
    SET_WAITS,
    /// One of the next keys signs, beside the old ones.
    KEY_ACTIVE,
    /// One of the old keys signs no more.
    KEY_RETIRED,
    /// Nothing waits any more; copies of keys that sign are still to be removed.
    SET_ENDED,
    /// They are.
    SET_REMOVED
}
