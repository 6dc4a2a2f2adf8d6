package dev.postern.reporting;

import dev.postern.event.Events;

/// How reports leave.
///
/// @param times when they are sent, and by which names
/// @param post where they begin their way
/// @param events told of each
public record Dispatch(ReportTimes times, ReportPost post, Events events) {}
