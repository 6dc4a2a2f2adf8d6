package dev.postern.smtpserver;

/// All that a new session gets; a reload makes another one for the sessions to come.
public record SessionSetup(ServerSessionSettings settings, SessionServices services) {}
