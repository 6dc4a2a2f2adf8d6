package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.Resolver;
import dev.postern.web.HttpsClient;
import dev.postern.web.WebSettings;
import java.security.cert.X509Certificate;
import java.util.List;

/// What policies of other mail domains are fetched by, and reports to them posted.
final class OutboundWeb {
    private OutboundWeb() {}

    /// That of a configuration.
    static HttpsClient of(Config config, Resolver resolver) {
        return of(config.tls().roots(), config.delivery().privateAddresses(), resolver);
    }

    /// @param roots the certificates that are trusted; empty for the JDK's
    /// @param notPublic whether servers may have addresses that are not public
    static HttpsClient of(List<X509Certificate> roots, boolean notPublic, Resolver resolver) {
        WebSettings usual = WebSettings.usual();
        return new HttpsClient(notPublic ? usual.withNotPublic() : usual, resolver, roots);
    }
}
