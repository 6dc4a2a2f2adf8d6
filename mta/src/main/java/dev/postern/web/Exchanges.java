package dev.postern.web;

import dev.postern.dns.Resolver;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/// Requests and their answers, as Jetty's client does them on a few platform threads of its own; used by any number of
/// threads.
final class Exchanges {
    private static final String NAME = "postern-web";
    private static final String AGENT = "Postern";
    private static final int THREADS = 8;
    private static final int IDLE_DESTINATION_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 10_000;

    private final HttpClient client;
    private final int bodyOctets;

    private Exchanges(HttpClient client, int bodyOctets) {
        this.client = client;
        this.bodyOctets = bodyOctets;
    }

    /// What is given to a server.
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Posted(String contentType, byte[] octets) {}

    /// Starts the threads.
    ///
    /// @throws IOException if that does not work on this machine
    static Exchanges start(WebSettings settings, Resolver resolver, List<X509Certificate> roots) throws IOException {
        HttpClient client = client(settings, roots);
        client.setSocketAddressResolver(new HttpsAddresses(resolver, settings.notPublic()));
        try {
            client.start();
        } catch (Exception e) { // Jetty declares no less
            throw new IOException("the client for HTTPS does not start: " + e.getMessage(), e);
        }
        // What comes with the start: decoding of bodies, which could grow them, and answers to redirects and 401.
        client.getContentDecoderFactories().clear();
        client.getProtocolHandlers().clear();
        return new Exchanges(client, settings.bodyOctets());
    }

    private static HttpClient client(WebSettings settings, List<X509Certificate> roots) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName(NAME);
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setExecutor(threads);
        connector.setScheduler(new ScheduledExecutorScheduler(NAME + "-times", true));
        connector.setSslContextFactory(tls(roots));
        HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        long millis = Math.max(1, settings.time().toMillis());
        client.setAddressResolutionTimeout(millis);
        client.setConnectTimeout(Math.min(CONNECT_MILLIS, millis));
        client.setIdleTimeout(millis);
        client.setDestinationIdleTimeout(IDLE_DESTINATION_MILLIS);
        client.setMaxResponseHeadersSize(settings.headerOctets());
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, AGENT));
        return client;
    }

    private static SslContextFactory.Client tls(List<X509Certificate> roots) throws IOException {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setSslContext(ProvenHosts.context(roots));
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setEndpointIdentificationAlgorithm("HTTPS");
        return tls;
    }

    /// Asks a server and waits for what comes of it.
    ///
    /// @param posted what it is given; empty: it is asked for what is there
    WebAnswer exchange(URI address, Optional<Posted> posted, Deadline deadline) throws InterruptedException {
        Request request = client.newRequest(address).method(HttpMethod.GET);
        posted.ifPresent(given ->
                request.method(HttpMethod.POST).body(new BytesRequestContent(given.contentType(), given.octets())));
        CompletableFuture<WebAnswer> done = new CompletableFuture<>();
        long millis = Math.max(1, deadline.remaining().toMillis());
        request.timeout(millis, TimeUnit.MILLISECONDS)
                .headers(fields -> fields.put(HttpHeader.CONNECTION, "close"))
                .send(new Exchange(bodyOctets, done));
        try {
            return done.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            var _ = request.abort(slow); // the answer is given already
            return Exchange.failed(slow);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an exchange only ends with an answer", e);
        }
    }

    /// Breaks off what is under way, and ends the threads.
    void stop() throws IOException {
        try {
            client.stop();
        } catch (Exception e) { // Jetty declares no less
            throw new IOException("the client for HTTPS did not end: " + e.getMessage(), e);
        }
    }
}
