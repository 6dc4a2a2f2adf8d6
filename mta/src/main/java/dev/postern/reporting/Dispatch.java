package dev.postern.reporting;

import dev.postern.event.Events;
import dev.postern.mailauth.dmarc.ReportDestinations;

/// How reports leave.
///
/// @param destinations who wants them
/// @param times when they are sent, and by which names
/// @param post where they begin their way
/// @param events told of each
public record Dispatch(ReportDestinations destinations, ReportTimes times, ReportPost post, Events events) {}
