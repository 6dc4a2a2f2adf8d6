/// Tells the owners of domains what mail came in their names, and reads what others tell us of ours.
///
/// On the way out {@link dev.postern.reporting.ObservationRecorder} counts what the policy of authentication judges,
/// {@link dev.postern.reporting.AggregateSender} sends a report a day to each domain that wants one, and
/// {@link dev.postern.reporting.FailureReporter} one about a single message.
/// {@link dev.postern.reporting.TrialRecorder} counts sessions with other servers, and
/// {@link dev.postern.reporting.TlsSender} tells how they went.
///
/// On the way in {@link dev.postern.reporting.ReportTransport} takes reports out of the mail for an inbox, and
/// {@link dev.postern.reporting.FeedbackTie} ties what comes back about a message to that message.
@NullMarked
package dev.postern.reporting;

import org.jspecify.annotations.NullMarked;
