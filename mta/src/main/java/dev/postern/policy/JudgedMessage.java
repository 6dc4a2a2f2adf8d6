package dev.postern.policy;

import java.util.Optional;

/// A message whose sender was checked, with what followed from it.
///
/// @param content the message; to be read before the observer returns
/// @param report what was found
/// @param verdict what followed
/// @param override why it was not what the author's domain asks for; empty where it was
public record JudgedMessage(
        ContentFacts content, AuthenticationReport report, Verdict verdict, Optional<PolicyOverride> override) {}
