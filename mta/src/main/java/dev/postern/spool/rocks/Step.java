package dev.postern.spool.rocks;

/// A point on the way of a message after which a crash leaves a state of its own on disk; in the
/// order of that way.
enum Step {
    /// The content has outgrown the memory of its draft: its file is there, with a part of it.
    FILE_BEGUN,
    /// All octets are in the file, perhaps only in the system's memory.
    FILE_WRITTEN,
    /// The octets of the file are on disk.
    FILE_SYNCED,
    /// The name of the file is on disk.
    FOLDER_SYNCED,
    /// The batch is ready, nothing of it is written.
    BATCH_BUILT,
    /// The batch is on disk, nobody has been told.
    BATCH_WRITTEN,
    /// The callers have been told.
    CALLERS_TOLD,
    /// A content file of a removed message is deleted.
    FILE_DELETED
}
