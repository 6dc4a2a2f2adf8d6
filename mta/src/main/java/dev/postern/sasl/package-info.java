/// The server's side of SASL (RFC 4422): mechanisms as step machines over decoded octets.
///
/// Two seams: a {@link dev.postern.sasl.SaslMechanism} knows what the client sends; a
/// {@link dev.postern.sasl.CredentialCheck} knows who has which password, and a {@link dev.postern.sasl.ScramLookup}
/// what
/// is kept of it; neither side knows the other's kinds. How octets travel (base64, `334`, `*`) is the business of the
/// protocol that carries them. The client's side is here for SCRAM only, {@link dev.postern.sasl.ScramClient}: the
/// others
/// need none.
@NullMarked
package dev.postern.sasl;

import org.jspecify.annotations.NullMarked;
