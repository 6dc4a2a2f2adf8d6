/// What is due when, in lanes by next hop: the schedule over the spool.
///
/// The schedule itself lives in the spool. In memory is a bounded number of *active* messages:
/// those whose time has come and that wait in a {@link dev.postern.queue.Lane} or are being
/// delivered. Everything else stays on disk and is read in windows, in the order in which it is
/// due.
@NullMarked
package dev.postern.queue;

import org.jspecify.annotations.NullMarked;
