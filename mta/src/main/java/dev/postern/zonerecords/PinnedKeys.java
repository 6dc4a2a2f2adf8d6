package dev.postern.zonerecords;

import dev.postern.dns.Resolver;
import dev.postern.dns.TlsaRecord;
import dev.postern.tlspolicy.dane.CertificateAssociation;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Tells the keys that published TLSA records stand for, so that they stay when their certificates are renewed.
///
/// @param publication asks the authoritative servers
/// @param site who we are now
/// @rfc 7671 §5.1
public record PinnedKeys(Resolver resolver, Publication publication, Supplier<Site.Names> site) {
    /// Whether a record of any name of ours that a certificate is shown under stands for its key; also where a name
    /// server does not tell, since to keep a key is the safe side.
    public boolean isPinned(X509Certificate leaf) {
        TlsaRecord own = CertificateAssociation.ofServer(leaf);
        TlsaInquiry inquiry = new TlsaInquiry(resolver, publication);
        return new ExchangerNames(resolver, site.get())
                .shownUnder(List.of(leaf)).stream()
                        .map(host -> inquiry.ask(host, records -> Optional.empty()))
                        .anyMatch(heard -> heard.untold().isPresent()
                                || heard.sets().stream()
                                        .anyMatch(set -> set.records().contains(own)));
    }
}
