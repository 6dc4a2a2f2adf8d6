package dev.postern.tls;

import dev.postern.crypto.CertificateNames;
import dev.postern.crypto.KeyPurpose;
import dev.postern.dns.IpText;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.PeerCheck.Fault;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Whether a certificate was issued, through whatever others the server has shown, by somebody who is trusted, is
/// valid now, and is for one of some names (RFC 5280, RFC 9525).
///
/// The server may show its other certificates in any order, and more than are needed; up to {@value #MOST} are looked
/// at. RSA keys below {@value #LEAST_RSA_BITS} bits, signatures with SHA-1 and older hashes, and what else the JDK
/// holds too weak for certificates (`jdk.certpath.disabledAlgorithms`) prove nothing. Revocation is not asked for.
///
/// @param names host names, patterns such as `*.example.org`, or addresses
/// @param clock tells when a certificate is out of date
/// @spec https://www.rfc-editor.org/rfc/rfc9525 RFC 9525 §6
public record PkixCheck(TrustedRoots roots, List<String> names, InstantSource clock) implements CertificateCheck {
    private static final int MOST = 10;
    private static final int IP_ADDRESS = 7;
    private static final int LEAST_RSA_BITS = 2048;
    private static final Set<String> BROKEN_HASHES = Set.of("MD2", "MD5", "SHA1");
    private static final String WEAK = "a key or a signature in its chain is too weak";

    public PkixCheck {
        names = List.copyOf(names);
    }

    @Override
    public PeerCheck check(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return new PeerCheck.Unproven(Fault.OTHER, "the server has shown no certificate");
        }
        X509Certificate own = chain.getFirst();
        Optional<PeerCheck.Unproven> untrusted = untrusted(own, chain.subList(1, Math.min(chain.size(), MOST)));
        if (untrusted.isPresent()) {
            return untrusted.get();
        }
        CertificateNames shown = CertificateNames.of(own);
        return names.stream()
                .filter(name -> isFor(own, shown, name))
                .findFirst()
                .<PeerCheck>map(name -> new PeerCheck.Proven("pkix " + name))
                .orElseGet(() -> new PeerCheck.Unproven(
                        Fault.WRONG_NAME,
                        "the certificate is for " + shown + ", not for " + String.join(" or ", names)));
    }

    private Optional<PeerCheck.Unproven> untrusted(X509Certificate own, List<X509Certificate> others) {
        try {
            Instant now = clock.instant();
            own.checkValidity(Date.from(now));
            if (!KeyPurpose.isForServers(own)) {
                return unproven(Fault.OTHER, "the certificate is not for servers");
            }
            if (roots.holds(own)) {
                return Optional.empty();
            }
            List<X509Certificate> path = path(own, others, now);
            PKIXParameters parameters = new PKIXParameters(roots.anchors());
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return path.stream().anyMatch(PkixCheck::isWeak) ? unproven(Fault.OTHER, WEAK) : Optional.empty();
        } catch (CertificateExpiredException e) {
            return unproven(
                    Fault.EXPIRED,
                    "the certificate expired at " + own.getNotAfter().toInstant());
        } catch (CertificateNotYetValidException e) {
            return unproven(
                    Fault.EXPIRED,
                    "the certificate is valid from " + own.getNotBefore().toInstant() + " on");
        } catch (CertPathValidatorException e) {
            return unproven(fault(e), words(e));
        } catch (InvalidAlgorithmParameterException nobodyTrusted) {
            return unproven(Fault.NOT_TRUSTED, "nobody is trusted here to issue certificates");
        } catch (GeneralSecurityException e) {
            return unproven(
                    Fault.OTHER,
                    "the certificate cannot be checked: " + e.getClass().getSimpleName());
        }
    }

    private static Optional<PeerCheck.Unproven> unproven(Fault fault, String why) {
        return Optional.of(new PeerCheck.Unproven(fault, why));
    }

    /// What is wrong, without any text of the certificate.
    private static String words(CertPathValidatorException e) {
        if (e.getReason() == BasicReason.ALGORITHM_CONSTRAINED) {
            return WEAK;
        }
        return switch (fault(e)) {
            case EXPIRED -> "a certificate in its chain is out of date";
            case NOT_TRUSTED -> "nobody who is trusted has issued it";
            case WRONG_NAME, NO_TLSA_MATCH, OTHER -> "its chain is not as RFC 5280 wants it: " + e.getReason();
        };
    }

    private static Fault fault(CertPathValidatorException e) {
        if (e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID) {
            return Fault.EXPIRED;
        }
        return e.getReason() == PKIXReason.NO_TRUST_ANCHOR || e.getReason() == BasicReason.INVALID_SIGNATURE
                ? Fault.NOT_TRUSTED
                : Fault.OTHER;
    }

    /// From the server's own certificate to the last one below a root. Each step is the first issuer that fits, so
    /// the work is bounded whatever the server shows.
    private List<X509Certificate> path(X509Certificate own, List<X509Certificate> others, Instant now) {
        List<X509Certificate> path = new ArrayList<>(List.of(own));
        List<X509Certificate> left = new ArrayList<>(others);
        X509Certificate last = own;
        while (!left.isEmpty() && roots.issuersOf(last).stream().noneMatch(issuer(last)::isMadeBy)) {
            Issued issued = issuer(last);
            Optional<X509Certificate> next = left.stream()
                    .filter(other -> isValid(other, now))
                    .filter(issued::isMadeBy)
                    .findFirst()
                    .or(() -> left.stream().filter(issued::isMadeBy).findFirst());
            if (next.isEmpty()) {
                break;
            }
            left.remove(next.get());
            path.add(next.get());
            last = next.get();
        }
        return path;
    }

    /// Whether nobody should believe it whoever has issued it (RFC 9325 §4.1, RFC 9155).
    private static boolean isWeak(X509Certificate certificate) {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        return BROKEN_HASHES.contains(signature.replaceFirst("WITH.*", ""))
                || (certificate.getPublicKey() instanceof RSAKey key
                        && key.getModulus().bitLength() < LEAST_RSA_BITS);
    }

    private static Issued issuer(X509Certificate certificate) {
        return new Issued(certificate);
    }

    /// A certificate, of which it is asked who made it.
    private record Issued(X509Certificate certificate) {
        boolean isMadeBy(X509Certificate issuer) {
            if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
                return false;
            }
            try {
                certificate.verify(issuer.getPublicKey());
                return true;
            } catch (GeneralSecurityException notItsSignature) {
                return false; // the exception is how the JDK says no
            }
        }
    }

    private static boolean isValid(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private static boolean isFor(X509Certificate certificate, CertificateNames shown, String name) {
        Optional<InetAddress> address = IpText.ip(name);
        return address.isPresent()
                ? isForAddress(certificate, address.get())
                : CertificateNames.Name.parse(name).filter(shown::meet).isPresent();
    }

    private static boolean isForAddress(X509Certificate certificate, InetAddress address) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(name -> name.getFirst() instanceof Integer kind
                                    && kind == IP_ADDRESS
                                    && name.get(1) instanceof String text
                                    && IpText.ip(text).filter(address::equals).isPresent());
        } catch (CertificateException unreadable) {
            return false; // a name that cannot be read is nobody's
        }
    }
}
