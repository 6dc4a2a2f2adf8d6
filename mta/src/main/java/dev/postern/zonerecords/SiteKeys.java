package dev.postern.zonerecords;

import dev.postern.crypto.CertificateNames;
import dev.postern.dns.DomainName;
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

    /// With those of these certificates that are shown under the name of the host: those that are for it, or,
    /// where none is, all that are not for hosts of MTA-STS policies only.
    public static SiteKeys of(List<SigningKeyRecord> signing, DomainName host, List<X509Certificate> certificates) {
        List<X509Certificate> forHost = certificates.stream()
                .filter(one -> CertificateNames.of(one).covering(host).isPresent())
                .toList();
        return new SiteKeys(
                signing,
                forHost.isEmpty()
                        ? certificates.stream()
                                .filter(one -> !ExchangerNames.areForPoliciesOnly(List.of(CertificateNames.of(one))))
                                .toList()
                        : forHost);
    }
}
