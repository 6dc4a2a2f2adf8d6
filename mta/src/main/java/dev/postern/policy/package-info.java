/// What we accept: rules that are asked at each stage of a session and answer with a {@link
/// dev.postern.policy.Verdict}.
///
/// A {@link dev.postern.policy.Policy} looks at facts (values, never at the session itself) and says what it thinks;
/// {@link dev.postern.policy.Policies} asks all of them in order, the first refusal wins, and each opinion becomes a
/// {@link dev.postern.event.Decision}. Relaying is decided by {@link dev.postern.policy.RelayPolicy} and nowhere else;
/// there is no chain without it.
@NullMarked
package dev.postern.policy;

import org.jspecify.annotations.NullMarked;
