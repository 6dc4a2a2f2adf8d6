package dev.postern.tlspolicy.dane;

import dev.postern.crypto.CertificateNames;
import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.PeerCheck.Fault;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Matches the certificates that a server has shown with the TLSA records of its name; used by any number of threads.
///
/// A record of usage 3 stands for the server's own certificate or key alone: whose name it bears, how long it is valid
/// and who signed it do not matter. One of usage 2 stands for an authority, and everything matters. Time comes from the
/// outside, and the bounds stand in {@link ShownChain} and {@link TrustPath}.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7672 RFC 7672 §3
/// @spec https://www.rfc-editor.org/rfc/rfc7671 RFC 7671 §5
public final class DaneVerifier {
    private final InstantSource clock;

    /// @param clock by which certificates are valid
    public DaneVerifier(InstantSource clock) {
        this.clock = clock;
    }

    /// What the certificates prove.
    ///
    /// @param shown as the server has sent them, its own first; empty where it has shown none
    public PeerCheck check(TlsRequirement.Dane requirement, List<X509Certificate> shown) {
        if (shown.isEmpty()) {
            return new PeerCheck.Unproven(Fault.OTHER, "the server has shown no certificate");
        }
        List<Association> associations = Association.strongest(requirement.records());
        ShownChain chain = new ShownChain(shown);
        List<PeerCheck.Unproven> objections = new ArrayList<>();
        for (Association association : byCost(associations)) {
            switch (check(association, requirement.names(), chain)) {
                case PeerCheck.Proven proven -> {
                    return proven;
                }
                case PeerCheck.Unproven unproven -> objections.add(unproven);
                case PeerCheck.NotLooked _ -> throw new IllegalStateException("a record was not looked at");
            }
        }
        return nearest(objections)
                .orElseGet(() -> new PeerCheck.Unproven(Fault.NO_TLSA_MATCH, "no TLSA record can be used"));
    }

    /// Digests of the server's own certificate before signatures of authorities.
    private static List<Association> byCost(List<Association> associations) {
        return associations.stream()
                .sorted(Comparator.comparing(association -> association instanceof Association.TrustAnchor))
                .toList();
    }

    /// The objection to what came nearest to success: the one to tell.
    private static Optional<PeerCheck.Unproven> nearest(List<PeerCheck.Unproven> objections) {
        return objections.stream().max(Comparator.comparingInt(objection -> nearness(objection.fault())));
    }

    private static int nearness(Fault fault) {
        return switch (fault) {
            case NO_TLSA_MATCH -> 0;
            case NOT_TRUSTED -> 1;
            case OTHER -> 2;
            case EXPIRED -> 3;
            case WRONG_NAME -> 4;
        };
    }

    /// What the certificates prove by one record alone.
    PeerCheck check(Association association, List<DomainName> names, ShownChain chain) {
        return switch (association) {
            case Association.EndEntity(TlsaRecord record) ->
                chain.matches(record, chain.own())
                        ? new PeerCheck.Proven("dane-ee " + record.numbers()) // RFC 7672 §3.1.1: nothing else counts
                        : noMatch(record, "is not the server's certificate");
            case Association.TrustAnchor anchor -> check(anchor, names, chain);
            case Association.Unusable(TlsaRecord record, String why) -> noMatch(record, "cannot be used: " + why);
        };
    }

    /// Certificates of one name that differ are all tried, and the objection to what came nearest is told.
    private PeerCheck check(Association.TrustAnchor association, List<DomainName> names, ShownChain chain) {
        TlsaRecord record = association.record();
        List<Anchor> anchors = anchors(association, chain);
        if (anchors.isEmpty()) {
            return noMatch(record, "is no issuer whose certificate the server has sent");
        }
        Instant now = clock.instant();
        List<PeerCheck.Unproven> objections = new ArrayList<>();
        for (Anchor anchor : anchors) {
            Optional<PeerCheck.Unproven> objection = new TrustPath(chain, anchor, now).objection();
            if (objection.isEmpty()) {
                return named(record, names, chain.own());
            }
            objections.add(objection.get());
        }
        PeerCheck.Unproven nearest = nearest(objections).orElseThrow();
        return new PeerCheck.Unproven(nearest.fault(), "TLSA " + shortly(record) + ": " + nearest.why());
    }

    /// The ends at which a path may arrive: certificates that were sent behind the server's own, and what the record
    /// holds itself, which RFC 7671 §5.2.2 and §5.2.3 leave to the sender.
    private static List<Anchor> anchors(Association.TrustAnchor association, ShownChain chain) {
        List<Anchor> anchors = new ArrayList<>(chain.issuers().stream()
                .filter(certificate -> chain.matches(association.record(), certificate))
                .map(Anchor.Certified::new)
                .toList());
        switch (association.content()) {
            case Association.Content.Digest() -> {}
            case Association.Content.Whole(X509Certificate certificate) -> {
                if (anchors.isEmpty() && !certificate.equals(chain.own())) {
                    anchors.add(new Anchor.Certified(certificate));
                }
            }
            case Association.Content.Key(var key) -> anchors.add(new Anchor.Bare(key));
        }
        return anchors;
    }

    /// @rfc 7672 §3.2.2
    private static PeerCheck named(TlsaRecord record, List<DomainName> names, X509Certificate own) {
        CertificateNames borne = CertificateNames.orCommonName(own);
        for (DomainName name : names) {
            if (borne.covering(name).isPresent()) {
                return new PeerCheck.Proven("dane-ta " + record.numbers() + " " + name);
            }
        }
        return new PeerCheck.Unproven(
                Fault.WRONG_NAME,
                "the certificate is for " + borne + ", and not for "
                        + String.join(
                                " or ", names.stream().map(DomainName::text).toList()));
    }

    private static PeerCheck noMatch(TlsaRecord record, String what) {
        return new PeerCheck.Unproven(Fault.NO_TLSA_MATCH, "TLSA " + shortly(record) + " " + what);
    }

    /// The numbers of a record and the first digits of its data.
    static String shortly(TlsaRecord record) {
        int shown = 16;
        String data = record.associationHex();
        return record.numbers() + " " + (data.length() <= shown ? data : data.substring(0, shown) + "…");
    }
}
