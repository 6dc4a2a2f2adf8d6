package dev.postern.smtpserver;

import dev.postern.guard.KnownClients;

/// What the sessions share about manners.
///
/// @param settings what is asked; a reload makes others for the sessions to come
/// @param known clients that have waited for their greeting
/// @param tarpit the sessions whose replies are held back now
public record Manners(MannersSettings settings, KnownClients known, Tarpit tarpit) {}
