/// The Authenticated Received Chain: each server that carries a message on writes down what it found
/// out about its origin, signs the message as it then is, and seals the chain so far (RFC 8617).
///
/// A set of the chain is three fields of one instance number: ARC-Authentication-Results (what was
/// found), ARC-Message-Signature (the message, signed as by DKIM) and ARC-Seal (all sets so far,
/// sealed). A chain that passes proves who carried the message and what they said. It does not prove
/// that they spoke the truth: that is for policy, which knows whom it trusts.
@NullMarked
package dev.postern.mailauth.arc;

import org.jspecify.annotations.NullMarked;
