package dev.postern.web;

import dev.postern.tls.TrustedRoots;
import dev.postern.wire.PeerCheck;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whose certificates are believed: those that somebody who is trusted has issued for the host that is named, now
/// valid. It tells what is wrong with others; used by any number of threads.
///
/// The host is matched with the names of the certificate that are for DNS (DNS-ID), never with its subject alone; a
/// wildcard stands for one whole label.
///
/// @rfc 9525 §6.3
/// @rfc 8461 §3.3
final class ProvenHosts extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;

    private final X509ExtendedTrustManager pkix;

    private ProvenHosts(X509ExtendedTrustManager pkix) {
        this.pkix = pkix;
    }

    /// TLS that believes in these.
    ///
    /// @param roots the certificates that are trusted; empty for the JDK's
    /// @throws IOException if the JDK cannot set it up
    static SSLContext context(List<X509Certificate> roots) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ProvenHosts(pkix(roots))}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager pkix(List<X509Certificate> roots)
            throws GeneralSecurityException, IOException {
        for (TrustManager manager : TrustedRoots.managers(roots)) {
            if (manager instanceof X509ExtendedTrustManager pkix) {
                return pkix;
            }
        }
        throw new IllegalStateException("the JDK checks no certificates");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            pkix.checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
            throw notValid(e);
        }
        if (!namesHosts(chain[0])) {
            throw new UnprovenException(PeerCheck.Fault.WRONG_NAME, "its certificate names no host");
        }
        try {
            pkix.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw caused(e, CertPathValidatorException.class)
                    ? new UnprovenException(PeerCheck.Fault.OTHER, "its certificate is not good enough", e)
                    : new UnprovenException(
                            PeerCheck.Fault.WRONG_NAME, "its certificate is for other hosts: " + e.getMessage(), e);
        }
    }

    private static UnprovenException notValid(CertificateException e) {
        return caused(e, CertificateExpiredException.class) || caused(e, CertificateNotYetValidException.class)
                ? new UnprovenException(PeerCheck.Fault.EXPIRED, "its certificate is not valid now", e)
                : new UnprovenException(
                        PeerCheck.Fault.NOT_TRUSTED, "its certificate comes from nobody who is trusted", e);
    }

    private static boolean namesHosts(X509Certificate certificate) throws CertificateParsingException {
        return certificate.getSubjectAlternativeNames() != null
                && certificate.getSubjectAlternativeNames().stream()
                        .anyMatch(name -> name.getFirst() instanceof Integer type && type == DNS_NAME);
    }

    private static boolean caused(Throwable thrown, Class<? extends Throwable> by) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (by.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return pkix.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new IllegalStateException("TLS is done by engines here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new IllegalStateException("a certificate is checked for a host only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new IllegalStateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new IllegalStateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new IllegalStateException("this is no server");
    }
}
