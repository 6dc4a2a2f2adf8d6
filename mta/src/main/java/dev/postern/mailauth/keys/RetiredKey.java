package dev.postern.mailauth.keys;

import java.time.LocalDate;

/// A key that signs no more.
///
/// @param file where it is kept
/// @param since the day (UTC) on which it was retired
public record RetiredKey(KeyFile file, LocalDate since) {}
