package dev.postern.tlspolicy.dane;

import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.wire.PeerCheck;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What senders that keep to DANE make of a certificate, told before it is shown to any of them.
///
/// They differ, and the strictest counts: one that goes by SHA-512 where it is published, one that knows only SHA-256,
/// which alone everybody has to know (RFC 6698 §6), one that finds a trust anchor only among the certificates that are
/// sent (RFC 7671 §5.2), and one that looks at its date.
///
/// @rfc 7671 §8.1
public final class StrictSender {
    private static final int MOST_REASONS = 3;

    private StrictSender() {}

    /// What becomes of one record.
    ///
    /// @param satisfied whether the certificates satisfy it for every sender that uses it
    /// @param usable whether senders of mail use it at all
    /// @param why a sentence
    public record RecordForecast(TlsaRecord record, boolean usable, boolean satisfied, String why) {}

    /// What becomes of mail.
    ///
    /// @param records each of the published ones, in their order
    /// @param refused whether a sender would keep its mail back rather than send it to this certificate
    /// @param why a sentence, for an administrator
    public record Forecast(List<RecordForecast> records, boolean refused, String why) {
        public Forecast {
            records = List.copyOf(records);
        }

        /// Those that the certificates satisfy.
        public List<TlsaRecord> satisfied() {
            return records.stream()
                    .filter(RecordForecast::satisfied)
                    .map(RecordForecast::record)
                    .toList();
        }
    }

    /// Foretells what a sender that finds these records makes of these certificates.
    ///
    /// @param published authentic TLSA records of the server's name and port; none means that DANE does not apply
    /// @param names by which senders know the server: its host name at least
    /// @param shown the certificates that the server is to show, its own first; at least one
    /// @throws IllegalArgumentException if there is no name or no certificate
    public static Forecast forecast(
            List<TlsaRecord> published, List<DomainName> names, List<X509Certificate> shown, Instant at) {
        if (names.isEmpty() || shown.isEmpty()) {
            throw new IllegalArgumentException(shown.size() + " certificates for " + names);
        }
        ShownChain chain = new ShownChain(shown);
        List<RecordForecast> records = published.stream()
                .distinct()
                .map(record -> forecast(record, names, chain, at))
                .toList();
        List<TlsaRecord> usable = records.stream()
                .filter(RecordForecast::usable)
                .map(RecordForecast::record)
                .toList();
        if (usable.isEmpty()) {
            return new Forecast(
                    records,
                    false,
                    published.isEmpty()
                            ? "no TLSA record is published: senders take any certificate"
                            : "no TLSA record can be used: senders encrypt, and take any certificate");
        }
        return refusal(records, usable)
                .map(why -> new Forecast(records, true, why))
                .orElseGet(() -> new Forecast(records, false, "a TLSA record stands for the certificate"));
    }

    private static RecordForecast forecast(TlsaRecord record, List<DomainName> names, ShownChain chain, Instant at) {
        Association strictly = switch (Association.of(record)) {
            case Association.TrustAnchor _ -> new Association.TrustAnchor(record, new Association.Content.Digest());
            case Association.EndEntity same -> same;
            case Association.Unusable same -> same;
        };
        if (strictly instanceof Association.Unusable(TlsaRecord _, String why)) {
            return new RecordForecast(record, false, false, "it cannot be used: " + why);
        }
        return switch (new DaneVerifier(InstantSource.fixed(at)).check(strictly, names, chain)) {
            case PeerCheck.Proven _
            when isByExpiredAnchor(strictly, chain, at) ->
                new RecordForecast(record, true, false, "the issuer's certificate is out of date, which some look at");
            case PeerCheck.Proven(String how) -> new RecordForecast(record, true, true, how);
            case PeerCheck.Unproven unproven -> new RecordForecast(record, true, false, unproven.why());
            case PeerCheck.NotLooked _ -> throw new IllegalStateException("a record was not looked at");
        };
    }

    private static boolean isByExpiredAnchor(Association association, ShownChain chain, Instant at) {
        return association instanceof Association.TrustAnchor(TlsaRecord record, Association.Content _)
                && chain.issuers().stream()
                        .filter(certificate -> chain.matches(record, certificate))
                        .noneMatch(certificate ->
                                !at.isBefore(certificate.getNotBefore().toInstant())
                                        && !at.isAfter(certificate.getNotAfter().toInstant()));
    }

    /// Why one of the kinds of senders refuses; empty if none does.
    private static Optional<String> refusal(List<RecordForecast> records, List<TlsaRecord> usable) {
        List<TlsaRecord> withoutSha512 = usable.stream()
                .filter(record -> record.matching() != CertificateAssociation.SHA_512)
                .toList();
        for (List<TlsaRecord> known : List.of(usable, withoutSha512)) {
            List<TlsaRecord> used = Association.strongest(known).stream()
                    .map(Association::record)
                    .toList();
            List<RecordForecast> wanting = records.stream()
                    .filter(forecast -> used.contains(forecast.record()))
                    .toList();
            if (!wanting.isEmpty() && wanting.stream().noneMatch(RecordForecast::satisfied)) {
                return Optional.of("no TLSA record stands for the certificate: "
                        + String.join(
                                "; ",
                                wanting.stream()
                                        .limit(MOST_REASONS)
                                        .map(RecordForecast::why)
                                        .toList()));
            }
        }
        return Optional.empty();
    }
}
