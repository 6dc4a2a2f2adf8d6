package dev.postern.acme;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/// The JDK's client for HTTP, whose answers are bounded: in octets, and in time to their last octet, where the
/// JDK's own time-out ends with the header. Packed answers, which could grow, are none. Used by any number of
/// threads.
final class BoundedHttp extends HttpClient {
    private final HttpClient client;
    private final int mostOctets;
    private final Duration time;

    /// @param mostOctets of a body
    /// @param time for one request and its whole answer
    BoundedHttp(HttpClient client, int mostOctets, Duration time) {
        this.client = client;
        this.mostOctets = mostOctets;
        this.time = time;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), mostOctets));
        try {
            return whole(answer.get(time.toNanos(), TimeUnit.NANOSECONDS), handler);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("the answer did not come within " + time.toSeconds() + " seconds");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static <T> HttpResponse<T> whole(HttpResponse<byte[]> answer, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        if (answer.headers().firstValue("Content-Encoding").isPresent()) {
            throw new IOException("the answer is packed, and nobody has asked for that");
        }
        HttpResponse.BodySubscriber<T> subscriber = handler.apply(new Info(answer));
        subscriber.onSubscribe(new Given());
        subscriber.onNext(List.of(ByteBuffer.wrap(answer.body())));
        subscriber.onComplete();
        return new Whole<>(answer, subscriber.getBody().toCompletableFuture().join());
    }

    /// All there is has come already.
    private static final class Given implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private record Info(HttpResponse<byte[]> answer) implements HttpResponse.ResponseInfo {
        @Override
        public int statusCode() {
            return answer.statusCode();
        }

        @Override
        public HttpHeaders headers() {
            return answer.headers();
        }

        @Override
        public Version version() {
            return answer.version();
        }
    }

    private record Whole<T>(HttpResponse<byte[]> answer, T body) implements HttpResponse<T> {
        @Override
        public int statusCode() {
            return answer.statusCode();
        }

        @Override
        public HttpRequest request() {
            return answer.request();
        }

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return answer.headers();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return answer.sslSession();
        }

        @Override
        public URI uri() {
            return answer.uri();
        }

        @Override
        public Version version() {
            return answer.version();
        }
    }

    /// Nobody asks in this way here.
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        throw new UnsupportedOperationException();
    }

    /// Nobody asks in this way here.
    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    @Override
    public void shutdown() {
        client.shutdown();
    }

    @Override
    public void shutdownNow() {
        client.shutdownNow();
    }

    @Override
    public boolean awaitTermination(Duration duration) throws InterruptedException {
        return client.awaitTermination(duration);
    }

    @Override
    public boolean isTerminated() {
        return client.isTerminated();
    }

    @Override
    public void close() {
        client.close();
    }
}
