package dev.postern.tls;

import dev.postern.dns.DomainName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The host names that a certificate is for: its subject alternative names of the kind dNSName, in small
/// letters; the common name is none of them.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9525 RFC 9525 §6.3
public record CertificateNames(Set<String> names) {
    private static final int DNS_NAME = 2;
    private static final String WILDCARD = "*.";

    public CertificateNames {
        names = Set.copyOf(names);
    }

    /// Those of a certificate; none where they cannot be read.
    public static CertificateNames of(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (alternative.get(0) instanceof Integer kind
                        && kind == DNS_NAME
                        && alternative.get(1) instanceof String name) {
                    names.add(name.toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException unreadable) {
            return new CertificateNames(Set.of()); // names that nobody can read are no names
        }
        return new CertificateNames(names);
    }

    /// Whether the certificate names this host itself.
    public boolean name(DomainName host) {
        return names.contains(host.text());
    }

    /// Whether the certificate is for this host, by its name or by a wildcard in the place of its first label.
    public boolean cover(DomainName host) {
        int dot = host.text().indexOf('.');
        return name(host) || (dot > 0 && names.contains(WILDCARD + host.text().substring(dot + 1)));
    }
}
