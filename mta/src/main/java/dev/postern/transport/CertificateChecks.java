package dev.postern.transport;

import dev.postern.tls.CertificateCheck;
import dev.postern.tls.FingerprintCheck;
import dev.postern.tls.PkixCheck;
import dev.postern.tls.TrustedRoots;
import dev.postern.tlspolicy.TlsRequirement;
import java.time.InstantSource;
import java.util.List;

/// Makes the checks of certificates that requirements ask for; used by any number of threads.
///
/// @param roots who is trusted, and what is distrusted
/// @param dane matches certificates with TLSA records
/// @param clock tells which certificates are out of date
public record CertificateChecks(TrustedRoots roots, Encrypting.DaneMatching dane, InstantSource clock) {
    /// What a requirement asks for.
    public CertificateCheck of(TlsRequirement wanted) {
        return switch (wanted) {
            case TlsRequirement.None _, TlsRequirement.May _, TlsRequirement.Encrypt _ -> CertificateCheck.none();
            case TlsRequirement.Verified(List<String> names, TlsRequirement.Basis _) -> named(names);
            case TlsRequirement.Fingerprint fingerprint -> new FingerprintCheck(fingerprint.digests());
            case TlsRequirement.Dane records -> roots.unlessDistrusted(dane.check(records));
        };
    }

    /// Whether somebody who is trusted has issued the certificate for one of these names.
    public CertificateCheck named(List<String> names) {
        return roots.unlessDistrusted(new PkixCheck(roots, names, clock));
    }
}
