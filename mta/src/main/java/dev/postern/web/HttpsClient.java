package dev.postern.web;

import dev.postern.dns.Resolver;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;

/// The client for HTTPS: HTTP/1.1 over TLS 1.2 or 1.3, one connection for each request.
///
/// Used by any number of threads; `lock` guards whether it has been started, which is with the first request, so
/// that a server which needs none has neither its classes nor its threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9110 RFC 9110
public final class HttpsClient implements WebClient, AutoCloseable {
    private static final String NAME = "postern-web";
    private static final String AGENT = "Postern";
    private static final int THREADS = 8;
    private static final int IDLE_DESTINATION_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 10_000;

    private final WebSettings settings;
    private final HttpsAddresses addresses;
    private final List<X509Certificate> roots;
    private final Semaphore room;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient started;
    private boolean closed;

    /// @param resolver tells the addresses of servers
    /// @param roots the certificates that are trusted; empty for the JDK's
    public HttpsClient(WebSettings settings, Resolver resolver, List<X509Certificate> roots) {
        this.settings = settings;
        this.addresses = new HttpsAddresses(resolver, settings.notPublic());
        this.roots = List.copyOf(roots);
        this.room = new Semaphore(settings.atOnce(), true);
    }

    @Override
    public WebAnswer get(URI address) {
        return exchange(address, request -> request.method(HttpMethod.GET));
    }

    @Override
    public WebAnswer post(URI address, String contentType, byte[] octets) {
        return exchange(
                address, request -> request.method(HttpMethod.POST).body(new BytesRequestContent(contentType, octets)));
    }

    private WebAnswer exchange(URI address, UnaryOperator<Request> what) {
        if (!"https".equalsIgnoreCase(address.getScheme())
                || address.getHost() == null
                || address.getRawUserInfo() != null) {
            return new WebAnswer.Unreachable("only addresses such as https://host.example/path are asked");
        }
        Deadline deadline = Deadline.after(settings.time());
        try {
            if (!room.tryAcquire(settings.time().toNanos(), TimeUnit.NANOSECONDS)) {
                return new WebAnswer.TooSlow("there were too many requests at once");
            }
            try {
                return within(deadline, what.apply(client().newRequest(address)));
            } finally {
                room.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WebAnswer.Unreachable("this server ends");
        } catch (IOException e) {
            return new WebAnswer.Unreachable("HTTPS cannot be spoken here: " + e.getMessage());
        }
    }

    private WebAnswer within(Deadline deadline, Request request) throws InterruptedException {
        CompletableFuture<WebAnswer> done = new CompletableFuture<>();
        long millis = Math.max(1, deadline.remaining().toMillis());
        request.timeout(millis, TimeUnit.MILLISECONDS)
                .headers(fields -> fields.put(HttpHeader.CONNECTION, "close"))
                .send(new Exchange(settings.bodyOctets(), done));
        try {
            return done.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            var _ = request.abort(slow); // the answer is given already
            return Exchange.failed(slow);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an exchange only ends with an answer", e);
        }
    }

    private HttpClient client() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("this server ends");
            }
            HttpClient client = started;
            if (client == null) {
                client = start();
                started = client;
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    private HttpClient start() throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName(NAME);
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setExecutor(threads);
        connector.setScheduler(new ScheduledExecutorScheduler(NAME + "-times", true));
        connector.setSslContextFactory(tls());
        HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        client.setSocketAddressResolver(addresses);
        client.setAddressResolutionTimeout(settings.time().toMillis());
        client.setConnectTimeout(Math.min(CONNECT_MILLIS, settings.time().toMillis()));
        client.setIdleTimeout(settings.time().toMillis());
        client.setDestinationIdleTimeout(IDLE_DESTINATION_MILLIS);
        client.setMaxResponseHeadersSize(settings.headerOctets());
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(new org.eclipse.jetty.http.HttpField(HttpHeader.USER_AGENT, AGENT));
        try {
            client.start();
        } catch (Exception e) { // Jetty declares no less
            throw new IOException(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT), e);
        }
        // What is begun with the client: decoding of bodies, which could grow them, and answers to redirects and 401.
        client.getContentDecoderFactories().clear();
        client.getProtocolHandlers().clear();
        return client;
    }

    private SslContextFactory.Client tls() throws IOException {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setSslContext(ProvenHosts.context(roots));
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setEndpointIdentificationAlgorithm("HTTPS");
        return tls;
    }

    /// Breaks off what is under way.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            HttpClient client = started;
            started = null;
            if (client != null) {
                client.stop();
            }
        } catch (Exception e) { // Jetty declares no less
            throw new IOException("the client for HTTPS did not end: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }
}
