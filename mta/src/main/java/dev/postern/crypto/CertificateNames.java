package dev.postern.crypto;

import dev.postern.dns.DomainName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/// The host names that a certificate is for.
///
/// A wildcard stands for exactly one label, is the whole leftmost one, and has at least two labels to its right; any
/// other is no name. Names are compared as A-labels in lower case; what is no domain name, such as one with a NUL in
/// it, is not among them.
///
/// @param names as far as they are some, at most {@value #MAX_NAMES}, in the order of the certificate
/// @spec https://www.rfc-editor.org/rfc/rfc9525 RFC 9525 §6.3
public record CertificateNames(List<Name> names) {
    /// How many names of a certificate are looked at.
    public static final int MAX_NAMES = 10_000;

    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final int DNS_NAME = 2;
    private static final String WILDCARD = "*.";

    public CertificateNames {
        names = List.copyOf(names);
    }

    /// One name, or all names of one label more.
    ///
    /// @param domain the name, or what stands to the right of the wildcard
    public record Name(DomainName domain, boolean wildcard) {
        /// The name that a text is; empty if it is none.
        public static Optional<Name> parse(String text) {
            boolean wildcard = text.startsWith(WILDCARD);
            return DomainName.parse(wildcard ? text.substring(WILDCARD.length()) : text)
                    .filter(domain -> !wildcard || domain.parent().isPresent())
                    .map(domain -> new Name(domain, wildcard));
        }

        /// Whether this is the name of a host, or stands for it.
        public boolean covers(DomainName host) {
            return wildcard ? host.parent().filter(domain::equals).isPresent() : domain.equals(host);
        }

        @Override
        public String toString() {
            return (wildcard ? WILDCARD : "") + domain;
        }
    }

    /// The DNS names among the subject alternative names, and nothing else: what PKIX and MTA-STS go by (RFC 9525 §2,
    /// RFC 8461 §4.2).
    public static CertificateNames of(X509Certificate certificate) {
        return alternative(certificate).orElseGet(() -> new CertificateNames(List.of()));
    }

    /// The DNS names among the subject alternative names; where there are none at all, the common name: what DANE goes
    /// by (RFC 7672 §3.2.3). Alternative names that cannot be read are no reason to look further.
    public static CertificateNames orCommonName(X509Certificate certificate) {
        return alternative(certificate)
                .orElseGet(() -> new CertificateNames(commonName(certificate.getSubjectX500Principal())
                        .flatMap(Name::parse)
                        .map(List::of)
                        .orElse(List.of())));
    }

    /// Empty where no alternative name is a DNS name, readable or not.
    private static Optional<CertificateNames> alternative(X509Certificate certificate) {
        Collection<List<?>> alternatives;
        try {
            alternatives = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return Optional.of(new CertificateNames(List.of()));
        }
        if (alternatives == null) {
            return certificate.getExtensionValue(SUBJECT_ALTERNATIVE_NAME) == null
                    ? Optional.empty()
                    : Optional.of(new CertificateNames(List.of())); // there are some, and they cannot be read
        }
        List<Name> names = new ArrayList<>();
        boolean some = false;
        for (List<?> alternative : alternatives) {
            if (alternative.get(0) instanceof Integer kind
                    && kind == DNS_NAME
                    && alternative.get(1) instanceof String text
                    && names.size() < MAX_NAMES) {
                some = true;
                Name.parse(text).ifPresent(names::add);
            }
        }
        return some ? Optional.of(new CertificateNames(names)) : Optional.empty();
    }

    /// The last one, which is the most specific (RFC 6125 §2.3.1), as far as it is a text.
    private static Optional<String> commonName(X500Principal subject) {
        try {
            RDN[] names = X500Name.getInstance(subject.getEncoded()).getRDNs(BCStyle.CN);
            return names.length > 0 && names[names.length - 1].getFirst().getValue() instanceof ASN1String text
                    ? Optional.of(text.getString())
                    : Optional.empty();
        } catch (RuntimeException unreadable) {
            return Optional.empty(); // the library says in many ways that these octets are no text
        }
    }

    /// The name that is a host's, or stands for it; empty if none is.
    public Optional<Name> covering(DomainName host) {
        return names.stream().filter(name -> name.covers(host)).findFirst();
    }

    /// Whether one of the names is what a pattern asks for: a host that the names cover or, for `*.example.org`, any
    /// name of one label more, a wildcard among them.
    public boolean meet(Name pattern) {
        return pattern.wildcard()
                ? names.stream()
                        .anyMatch(name -> name.wildcard()
                                ? name.domain().equals(pattern.domain())
                                : pattern.covers(name.domain()))
                : covering(pattern.domain()).isPresent();
    }

    /// As a person reads them: the first three and how many more.
    @Override
    public String toString() {
        int shown = 3;
        String first = String.join(
                ", ", names.stream().limit(shown).map(Name::toString).toList());
        return names.isEmpty()
                ? "no host"
                : names.size() > shown ? first + " and " + (names.size() - shown) + " more" : first;
    }
}
