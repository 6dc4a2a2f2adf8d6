package dev.postern.zonerecords;

import java.security.cert.X509Certificate;
import java.util.List;

/// What others know a site by.
///
/// @param signing the keys that sign its mail
/// @param certificates the certificates that it shows to other servers, or is about to show
public record SiteKeys(List<SigningKeyRecord> signing, List<X509Certificate> certificates) {
    public SiteKeys {
        signing = List.copyOf(signing);
        certificates = List.copyOf(certificates);
    }
}
