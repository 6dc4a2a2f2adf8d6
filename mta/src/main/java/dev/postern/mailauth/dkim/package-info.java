/// DomainKeys Identified Mail: signatures over header fields and the body of a message, whose keys
/// a domain publishes in DNS (RFC 6376, with the algorithms of RFC 8301 and RFC 8463).
///
/// **Verifying.** A {@link dev.postern.mailauth.dkim.DkimVerifier} looks at the header, is shown
/// the body once, in whatever pieces, and then tells what became of each signature. The body is
/// canonicalised at most twice and hashed at most twice, however many signatures there are and
/// whatever their `l=`. A key is asked for only where the hash of the body is right.
///
/// **Signing.** A {@link dev.postern.mailauth.dkim.DkimSigner} makes one DKIM-Signature for each of
/// its keys, `c=relaxed/relaxed`, without `l=`, and signs the fields that matter once more than
/// they are there, so that nobody can add one.
///
/// Words of RFC 8601 §2.7.1 for what RFC 6376 calls PERMFAIL:
///
/// | what | outcome |
/// |---|---|
/// | not written as a signature: tags, base64, unknown version, algorithm or query method | neutral |
/// | From not signed, `i=` outside of `d=`, expired, dated in the future, `l=` beyond the body | permerror |
/// | rsa-sha1, RSA keys below 1024 bits (RFC 8301 §3) | permerror |
/// | no key, a revoked key, a key for something else, a record that is none | permerror |
/// | an RSA key too costly for us | policy |
/// | body or header are not what was signed | fail |
/// | DNS does not answer | temperror |
@NullMarked
package dev.postern.mailauth.dkim;

import org.jspecify.annotations.NullMarked;
