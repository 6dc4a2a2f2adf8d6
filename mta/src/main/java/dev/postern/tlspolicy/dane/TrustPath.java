package dev.postern.tlspolicy.dane;

import dev.postern.crypto.KeyPurpose;
import dev.postern.crypto.NameConstraints;
import dev.postern.event.Unprintable;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.PeerCheck.Fault;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks for a path from a server's certificate to a trust anchor, over the certificates that it has sent in whatever
/// order, and validates it; used by one thread for one check.
///
/// A path is first put together by names and signatures, then handed to the JDK's validator (RFC 5280 §6.1), which sees
/// to signatures, times, CA flags, key usage, lengths, constraints of names and critical extensions. What that one
/// leaves out is looked at here: extended key usage, what the anchor's own certificate says that it may do, and the
/// common name under constraints of names. Where one path fails, the next is tried, within bounds.
///
/// @rfc 5280 §6.1
final class TrustPath {
    /// How many certificates there are at most between the server's and the anchor.
    private static final int MOST_BETWEEN = 8;

    private static final int MOST_STEPS = 100;
    private static final int MOST_PATHS = 8;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_REASON = 300;
    private static final int CERTIFICATE_SIGNING = 5;
    private static final int WITH_EXTENSIONS = 3;

    private final ShownChain chain;
    private final Anchor anchor;
    private final Instant now;
    private int steps;
    private int paths;
    private PeerCheck.@Nullable Unproven fault;

    TrustPath(ShownChain chain, Anchor anchor, Instant now) {
        this.chain = chain;
        this.anchor = anchor;
        this.now = now;
    }

    /// What is wrong with the best of the paths; empty if there is a good one.
    Optional<PeerCheck.Unproven> objection() {
        Optional<X509Certificate> own = chain.readable();
        if (own.isEmpty()) {
            return unproven(Fault.OTHER, "the server's certificate cannot be read");
        }
        if (leads(List.of(own.get()))) {
            return Optional.empty();
        }
        return Optional.ofNullable(fault).or(() -> unproven(Fault.NOT_TRUSTED, nowhere()));
    }

    private String nowhere() {
        return chain.isExhausted() || steps > MOST_STEPS
                ? "the certificates are too entangled to find a way to the trust anchor"
                : "no way leads from the server's certificate to the trust anchor over what it has sent";
    }

    /// Whether a way that begins like this leads to the anchor.
    private boolean leads(List<X509Certificate> path) {
        X509Certificate top = path.getLast();
        if (++steps > MOST_STEPS) {
            return false;
        }
        if (anchor.isNamedAsIssuerOf(top) && chain.isSigned(top, anchor.key()) && isValid(path)) {
            return true;
        }
        if (path.size() > MOST_BETWEEN) {
            return false;
        }
        for (X509Certificate next : chain.issuers()) {
            if (!path.contains(next)
                    && !anchor.certificate().equals(Optional.of(next))
                    && next.getSubjectX500Principal().equals(top.getIssuerX500Principal())
                    && chain.isSigned(top, next.getPublicKey())) {
                List<X509Certificate> longer = new ArrayList<>(path);
                longer.add(next);
                if (leads(longer)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isValid(List<X509Certificate> path) {
        if (++paths > MOST_PATHS) {
            return false;
        }
        Optional<PeerCheck.Unproven> objection = objection(path);
        if (fault == null) {
            fault = objection.orElse(null);
        }
        return objection.isEmpty();
    }

    private Optional<PeerCheck.Unproven> objection(List<X509Certificate> path) {
        Optional<PeerCheck.Unproven> first = objectionToAnchor(path);
        if (first.isPresent()) {
            return first;
        }
        for (X509Certificate certificate : path) {
            if (!KeyPurpose.isForServers(certificate)) {
                return untrusted(certificate, "is not for TLS servers");
            }
        }
        return byPlatform(path).or(() -> objectionToNames(path));
    }

    /// What is wrong with the anchor's own certificate: whether it may issue what is below it. Its date does not count,
    /// since the record vouches for it now (RFC 5280 §6.1.1 (d)).
    private Optional<PeerCheck.Unproven> objectionToAnchor(List<X509Certificate> path) {
        if (anchor.certificate().isEmpty()) {
            return Optional.empty();
        }
        X509Certificate certificate = anchor.certificate().get();
        if (!KeyPurpose.isForServers(certificate)) {
            return untrusted(certificate, "is not for TLS servers");
        }
        if (certificate.getVersion() >= WITH_EXTENSIONS) {
            // one of an older version cannot say that it is an authority: the record does (RFC 5280 §6.1.4 (k))
            if (certificate.getBasicConstraints() < 0) {
                return untrusted(certificate, "is no authority");
            }
            if (certificate.getBasicConstraints() < between(path)) {
                return untrusted(certificate, "may not have so many authorities below it");
            }
        }
        boolean[] usage = certificate.getKeyUsage();
        return usage == null || usage[CERTIFICATE_SIGNING]
                ? Optional.empty()
                : untrusted(certificate, "may not sign certificates");
    }

    /// How many authorities stand between the anchor and the server, without those that only carry a key over to
    /// another (RFC 5280 §4.2.1.9).
    private static long between(List<X509Certificate> path) {
        return path.stream().skip(1).filter(one -> !isSelfIssued(one)).count();
    }

    /// Whether its subject is its issuer (RFC 5280 §3.2).
    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private Optional<PeerCheck.Unproven> byPlatform(List<X509Certificate> path) {
        try {
            CertPath ordered = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor.platform(path.getLast())));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX").validate(ordered, parameters);
            return Optional.empty();
        } catch (CertPathValidatorException wrong) {
            int at = wrong.getIndex();
            String which = at >= 0 && at < path.size() ? name(path.get(at)) + ": " : "";
            return unproven(fault(wrong.getReason()), which + wrong.getMessage());
        } catch (CertificateException unreadable) {
            return unproven(Fault.OTHER, "a certificate cannot be read: " + unreadable.getMessage());
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("the parameters of a path are wrong", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK validates paths", e);
        }
    }

    private static Fault fault(CertPathValidatorException.Reason reason) {
        if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
            return Fault.EXPIRED;
        }
        return reason == BasicReason.ALGORITHM_CONSTRAINED ? Fault.OTHER : Fault.NOT_TRUSTED;
    }

    /// Every authority on the path, the anchor among them, has a say in the names of all below it.
    private Optional<PeerCheck.Unproven> objectionToNames(List<X509Certificate> path) {
        List<X509Certificate> all = new ArrayList<>(path);
        anchor.certificate().ifPresent(all::add);
        for (int above = 1; above < all.size(); above++) {
            for (int below = 0; below < above; below++) {
                boolean exempt = below > 0 && isSelfIssued(all.get(below));
                if (!exempt && !NameConstraints.permit(all.get(above), all.get(below))) {
                    return untrusted(all.get(above), "may not vouch for the names of " + name(all.get(below)));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<PeerCheck.Unproven> untrusted(X509Certificate certificate, String what) {
        return unproven(Fault.NOT_TRUSTED, name(certificate) + " " + what);
    }

    private static Optional<PeerCheck.Unproven> unproven(Fault fault, String why) {
        return Optional.of(new PeerCheck.Unproven(fault, shown(why, LONGEST_REASON)));
    }

    private static String name(X509Certificate certificate) {
        return "the certificate of "
                + shown(certificate.getSubjectX500Principal().getName(), LONGEST_NAME);
    }

    /// What a stranger wrote, as it may be shown.
    private static String shown(String text, int longest) {
        return Unprintable.replaced(text.length() <= longest ? text : text.substring(0, longest) + "…");
    }
}
