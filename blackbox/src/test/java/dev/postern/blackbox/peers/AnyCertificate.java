package dev.postern.blackbox.peers;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Believes every certificate: the tests make their own.
public final class AnyCertificate implements X509TrustManager {
    private AnyCertificate() {}

    /// TLS of a client that believes it.
    public static SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IOException("no TLS in this JDK", impossible);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        // Every certificate is believed.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        // Every certificate is believed.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
