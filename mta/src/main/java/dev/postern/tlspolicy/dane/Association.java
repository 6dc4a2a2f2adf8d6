package dev.postern.tlspolicy.dane;

import static dev.postern.tlspolicy.dane.CertificateAssociation.CERTIFICATE;
import static dev.postern.tlspolicy.dane.CertificateAssociation.END_ENTITY;
import static dev.postern.tlspolicy.dane.CertificateAssociation.FULL;
import static dev.postern.tlspolicy.dane.CertificateAssociation.PUBLIC_KEY;
import static dev.postern.tlspolicy.dane.CertificateAssociation.SHA_256;
import static dev.postern.tlspolicy.dane.CertificateAssociation.SHA_512;
import static dev.postern.tlspolicy.dane.CertificateAssociation.TRUST_ANCHOR;

import dev.postern.crypto.DerCertificate;
import dev.postern.crypto.PublicKeyInfo;
import dev.postern.dns.TlsaRecord;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a TLSA record means to a mail server.
///
/// @rfc 7672 §3.1
sealed interface Association {
    /// The record itself.
    TlsaRecord record();

    /// DANE-EE: the server's own certificate or key, and nothing else counts.
    record EndEntity(TlsaRecord record) implements Association {}

    /// DANE-TA: whoever has issued it, at whatever remove.
    ///
    /// @param content what the record tells of the issuer beside how it is recognised
    record TrustAnchor(TlsaRecord record, Content content) implements Association {}

    /// A record that no mail server can use.
    ///
    /// @param why that is, as a part of a sentence
    record Unusable(TlsaRecord record, String why) implements Association {}

    /// What the record of a trust anchor holds.
    sealed interface Content {
        /// A digest: the anchor must be among the certificates that the server sends.
        record Digest() implements Content {}

        /// The certificate of the anchor, which need not be sent.
        record Whole(X509Certificate certificate) implements Content {}

        /// The key of the anchor, whose certificate need not be sent.
        record Key(PublicKey key) implements Content {}
    }

    /// Understands a record.
    static Association of(TlsaRecord record) {
        Optional<String> objection = objection(record);
        if (objection.isPresent()) {
            return new Unusable(record, objection.get());
        }
        if (record.matching() != FULL) {
            return meaning(record, new Content.Digest());
        }
        byte[] data = HexFormat.of().parseHex(record.associationHex());
        return record.selector() == CERTIFICATE
                ? DerCertificate.parse(data)
                        .map(certificate -> meaning(record, new Content.Whole(certificate)))
                        .orElseGet(() -> new Unusable(record, "its data are no certificate"))
                : PublicKeyInfo.parse(data)
                        .map(key -> meaning(record, new Content.Key(key)))
                        .orElseGet(() -> new Unusable(record, "its data are no public key that is known here"));
    }

    private static Association meaning(TlsaRecord record, Content content) {
        return record.usage() == END_ENTITY ? new EndEntity(record) : new TrustAnchor(record, content);
    }

    /// What is wrong with the numbers of a record, or the length of its digest; empty if nothing is.
    private static Optional<String> objection(TlsaRecord record) {
        int octets = record.associationHex().length() / 2;
        if (record.usage() == 0 || record.usage() == 1) {
            // RFC 7672 §3.1.3: which authorities a sender trusts is no common knowledge in mail
            return Optional.of("usage " + record.usage() + " is not for mail");
        }
        if (record.usage() != TRUST_ANCHOR && record.usage() != END_ENTITY) {
            return Optional.of("usage " + record.usage() + " is unknown");
        }
        if (record.selector() != CERTIFICATE && record.selector() != PUBLIC_KEY) {
            return Optional.of("selector " + record.selector() + " is unknown");
        }
        return switch (record.matching()) {
            case FULL -> Optional.empty();
            case SHA_256 -> octets == 32 ? Optional.empty() : Optional.of(octets + " octets are no SHA-256");
            case SHA_512 -> octets == 64 ? Optional.empty() : Optional.of(octets + " octets are no SHA-512");
            default -> Optional.of("matching type " + record.matching() + " is unknown");
        };
    }

    /// The records of a set by which a sender goes: those that it can use and, of those with a digest, for each usage
    /// and selector only the ones with the strongest.
    ///
    /// @rfc 7671 §9
    static List<Association> strongest(List<TlsaRecord> set) {
        List<Association> usable = set.stream()
                .distinct()
                .map(Association::of)
                .filter(one -> !(one instanceof Unusable))
                .toList();
        return usable.stream()
                .filter(one -> one.record().matching() == FULL
                        || usable.stream().noneMatch(other -> isStronger(other.record(), one.record())))
                .toList();
    }

    private static boolean isStronger(TlsaRecord other, TlsaRecord one) {
        return other.usage() == one.usage() && other.selector() == one.selector() && other.matching() > one.matching();
    }
}
