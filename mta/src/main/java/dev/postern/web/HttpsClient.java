package dev.postern.web;

import dev.postern.dns.Resolver;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The client for HTTPS: HTTP/1.1 over TLS 1.2 or 1.3, one connection for each request.
///
/// Used by any number of threads; `lock` guards whether it has been started, which is with the first request, so
/// that a server which asks nobody has neither its classes nor its threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9110 RFC 9110
public final class HttpsClient implements WebClient, AutoCloseable {
    private static final int MOST_PORTS = 65_535;

    private final WebSettings settings;
    private final Resolver resolver;
    private final List<X509Certificate> roots;
    private final Semaphore room;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Exchanges started;
    private boolean closed;

    /// @param resolver tells the addresses of servers
    /// @param roots the certificates that are trusted; empty for the JDK's
    public HttpsClient(WebSettings settings, Resolver resolver, List<X509Certificate> roots) {
        this.settings = settings;
        this.resolver = resolver;
        this.roots = List.copyOf(roots);
        this.room = new Semaphore(settings.atOnce(), true);
    }

    @Override
    public WebAnswer get(URI address) {
        return exchange(address, Optional.empty());
    }

    @Override
    public WebAnswer post(URI address, String contentType, byte[] octets) {
        return exchange(address, Optional.of(new Exchanges.Posted(contentType, octets)));
    }

    private WebAnswer exchange(URI address, Optional<Exchanges.Posted> posted) {
        if (!isOfHttps(address)) {
            return new WebAnswer.Unreachable("only addresses such as https://host.example/path are asked");
        }
        Deadline deadline = Deadline.after(settings.time());
        try {
            if (!room.tryAcquire(settings.time().toNanos(), TimeUnit.NANOSECONDS)) {
                return new WebAnswer.TooSlow("there were too many requests at once");
            }
            try {
                return exchanges().exchange(address, posted, deadline);
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

    private static boolean isOfHttps(URI address) {
        return "https".equalsIgnoreCase(address.getScheme())
                && address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getPort() != 0
                && address.getPort() <= MOST_PORTS;
    }

    private Exchanges exchanges() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("this server ends");
            }
            Exchanges exchanges = started;
            if (exchanges == null) {
                exchanges = Exchanges.start(settings, resolver, roots);
                started = exchanges;
            }
            return exchanges;
        } finally {
            lock.unlock();
        }
    }

    /// Breaks off what is under way.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            Exchanges exchanges = started;
            started = null;
            if (exchanges != null) {
                exchanges.stop();
            }
        } finally {
            lock.unlock();
        }
    }
}
