package dev.postern.zonerecords;

import java.security.PublicKey;
import java.util.List;

/// The public keys that others know a site by.
///
/// @param signing of the keys that sign its mail
/// @param certificates those of the certificates that it shows to other servers, or is about to show
public record SiteKeys(List<SigningKeyRecord> signing, List<PublicKey> certificates) {
    public SiteKeys {
        signing = List.copyOf(signing);
        certificates = List.copyOf(certificates);
    }
}
