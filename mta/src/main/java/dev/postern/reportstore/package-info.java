/// What is kept on disk about reports: what we saw of the mail and the servers of other domains until it is reported,
/// what we have sent, and what others have sent us.
///
/// {@link dev.postern.reportstore.ObservationLedger} counts and forgets; {@link dev.postern.reportstore.ReportArchive}
/// keeps reports as they came. Both are bounded, and can be read while no server runs.
@NullMarked
package dev.postern.reportstore;

import org.jspecify.annotations.NullMarked;
