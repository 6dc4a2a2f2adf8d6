/// The spool on a disk: RocksDB for envelopes, schedule, decisions and small contents, a file of
/// its own for each large content.
///
/// A change goes one way. The caller's thread writes the records (`Transaction`) and puts them into
/// a bounded line (`TransactionLine`); the one `Committer` thread takes all that wait, makes one
/// batch of them (`Batch`), writes it with one sync, and wakes the callers. Whoever comes while it
/// writes is in the next batch: the busier, the larger the batches, and a caller who is alone waits
/// for one sync and for nothing else.
///
/// No virtual thread ever calls into RocksDB or waits for a file: that would hold its carrier.
/// Writes happen on the committer, reads on the `Readers`, contents of their own files on the
/// threads of `FileWork`; these are the only threads, all with names that begin with `spool-`.
///
/// `doc/internals/spool.md` has the format of each record and the table of what a crash leaves at
/// which step.
@NullMarked
package dev.postern.spool.rocks;

import org.jspecify.annotations.NullMarked;
