package dev.postern.tls;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// TLS for our web server: the certificates that our listeners show at that moment, and those of challenges;
/// used by all its connections. It is always the JDK's, whose engines let the protocol of a challenge (ALPN)
/// decide about the certificate.
public final class WebTls {
    private static final String HTTP = "http/1.1";
    private static final String IGNORED = "";

    private final ServerTls server;
    private final ChallengeIdentities challenges;
    private final AtomicReference<@Nullable Context> latest = new AtomicReference<>();

    private record Context(ShownIdentities identities, SSLContext context) {}

    /// @param server whose certificates are shown
    public WebTls(ServerTls server, ChallengeIdentities challenges) {
        this.server = server;
        this.challenges = challenges;
    }

    /// An engine for the server's side of a new connection.
    ///
    /// @throws IllegalStateException if the JDK has no TLS
    public SSLEngine engine() {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(TlsVersion.TLS_1_2.andNewer().toArray(String[]::new));
        engine.setSSLParameters(parameters);
        engine.setHandshakeApplicationProtocolSelector((asking, offered) -> protocol(offered));
        return engine;
    }

    // RFC 8737 §3: a server without a challenge for the name breaks the handshake off, here for want of a
    // certificate.
    private static String protocol(List<String> offered) {
        if (offered.contains(ChallengeIdentities.PROTOCOL)) {
            return ChallengeIdentities.PROTOCOL;
        }
        return offered.contains(HTTP) ? HTTP : IGNORED;
    }

    private SSLContext context() {
        ShownIdentities shown = server.shown();
        Context last = latest.get();
        if (last != null && last.identities().equals(shown)) {
            return last.context();
        }
        try {
            TlsProvider jdk = TlsProvider.jsse();
            KeyManager keys = new ChosenKeys(jdk, shown, challenges);
            SSLContext context = jdk.context(new KeyManager[] {keys}, null);
            latest.set(new Context(shown, context));
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS: " + e.getMessage(), e);
        }
    }
}
