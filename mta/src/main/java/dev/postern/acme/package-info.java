/// Certificates from an authority: asked for, proven, kept, and renewed in time.
///
/// {@link dev.postern.acme.AcmeKeeper} decides when, {@link dev.postern.acme.AcmeAuthority} speaks with the
/// authority, {@link dev.postern.acme.ChallengeBoard} shows what the authority looks for. What came is a file,
/// which `certificates` notices as it would one of any other program.
@NullMarked
package dev.postern.acme;

import org.jspecify.annotations.NullMarked;
