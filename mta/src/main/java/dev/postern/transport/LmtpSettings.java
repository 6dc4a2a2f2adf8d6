package dev.postern.transport;

import dev.postern.wire.Endpoint;

/// Where a server takes mail for inboxes by LMTP.
///
/// @param name what it is called in logs and reports
/// @param server its address: a TCP port or a Unix domain socket
/// @param bounds of sessions with it
public record LmtpSettings(String name, Endpoint server, SessionBounds bounds) {}
