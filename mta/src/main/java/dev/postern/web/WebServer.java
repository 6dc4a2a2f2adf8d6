package dev.postern.web;

import dev.postern.tls.WebTls;
import dev.postern.wire.Endpoint;
import dev.postern.wire.ListenFailed;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The web server: one request a connection, answered with a page from memory or with 404 and nothing else.
///
/// It has a few platform threads of its own, since nothing here ever waits but for octets of clients, which cost no
/// thread. Numbers, sizes and times are bounded; who waits for his turn costs what a connection of the kernel
/// costs.
public final class WebServer implements Closeable {
    private static final int MOST_THREADS = 16;
    private static final int STOP_MILLIS = 1_000;
    private static final String PROTOCOL = "http/1.1";

    private final Server server;
    private final List<ServerConnector> http;
    private final List<ServerConnector> https;

    private WebServer(Server server, List<ServerConnector> http, List<ServerConnector> https) {
        this.server = server;
        this.http = http;
        this.https = https;
    }

    /// Opens all addresses.
    ///
    /// @param tls for those where TLS comes first
    /// @throws IOException with a sentence for the administrator, if one cannot be opened; then none is
    public static WebServer open(WebServerSettings settings, Pages pages, WebTls tls) throws IOException {
        WebServerSettings.Bounds bounds = settings.bounds();
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("postern-web");
        threads.setDaemon(true);
        Server server = new Server(threads);
        server.setHandler(new PageHandler(pages));
        server.setErrorHandler(new Silent());
        HttpConnectionFactory plain = new HttpConnectionFactory(configuration(bounds));
        List<ServerConnector> http = settings.http().stream()
                .map(address -> connector(new ServerConnector(server, 1, 1, plain), address, bounds))
                .toList();
        List<ServerConnector> https = settings.https().stream()
                .map(address -> connector(
                        new ServerConnector(server, 1, 1, new SslConnectionFactory(new Engines(tls), PROTOCOL), plain),
                        address,
                        bounds))
                .toList();
        Stream.concat(http.stream(), https.stream()).forEach(server::addConnector);
        server.addBean(new NetworkConnectionLimit(bounds.connections(), server));
        WebServer opened = new WebServer(server, http, https);
        try {
            bind("http", http, settings.http());
            bind("https", https, settings.https());
            server.start();
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        } catch (Exception e) {
            opened.close();
            throw new IOException("the web server does not start: " + e.getMessage(), e);
        }
    }

    private static void bind(String role, List<ServerConnector> connectors, List<Endpoint.Inet> addresses)
            throws IOException {
        for (int i = 0; i < connectors.size(); i++) {
            try {
                connectors.get(i).open();
            } catch (IOException e) {
                throw ListenFailed.of(role, addresses.get(i), e.getCause() instanceof IOException cause ? cause : e);
            }
        }
    }

    private static HttpConfiguration configuration(WebServerSettings.Bounds bounds) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(bounds.headerOctets());
        configuration.setPersistentConnectionsEnabled(false);
        return configuration;
    }

    private static ServerConnector connector(
            ServerConnector connector, Endpoint.Inet address, WebServerSettings.Bounds bounds) {
        connector.setHost(address.address().getHostAddress());
        connector.setPort(address.port());
        connector.setIdleTimeout(bounds.silence().toMillis());
        connector.addBean(new Lifetime(connector, bounds.time().toMillis()));
        return connector;
    }

    /// Where it listens without TLS, with the ports that the system chose.
    public List<Endpoint.Inet> httpAddresses() {
        return http.stream().map(WebServer::address).toList();
    }

    /// Where TLS comes first, with the ports that the system chose.
    public List<Endpoint.Inet> httpsAddresses() {
        return https.stream().map(WebServer::address).toList();
    }

    private static Endpoint.Inet address(ServerConnector connector) {
        return connector.getTransport() instanceof ServerSocketChannel channel
                ? new Endpoint.Inet(channel.socket().getInetAddress(), connector.getLocalPort())
                : new Endpoint.Inet(new InetSocketAddress(0).getAddress(), connector.getLocalPort());
    }

    /// Drops all connections.
    @Override
    public void close() {
        try {
            server.setStopTimeout(STOP_MILLIS);
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the web server did not end: " + e.getMessage(), e);
        }
    }

    /// Ends a connection at its time, however it spends it.
    private record Lifetime(ServerConnector connector, long millis) implements Connection.Listener {
        @Override
        public void onOpened(Connection connection) {
            connector.getScheduler().schedule(() -> connection.getEndPoint().close(), millis, TimeUnit.MILLISECONDS);
        }
    }

    private static final class PageHandler extends Handler.Abstract.NonBlocking {
        private static final char QUERY = '?';

        private final Pages pages;

        PageHandler(Pages pages) {
            this.pages = pages;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            boolean head = HttpMethod.HEAD.is(request.getMethod());
            Optional<Page> page =
                    head || HttpMethod.GET.is(request.getMethod()) ? pages.page(asked(request)) : Optional.empty();
            HttpFields.Mutable headers = response.getHeaders();
            headers.put(new HttpField(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString()));
            response.setStatus(page.isPresent() ? HttpStatus.OK_200 : HttpStatus.NOT_FOUND_404);
            byte[] octets = page.map(Page::octets).orElse(new byte[0]);
            page.ifPresent(found -> headers.put(HttpHeader.CONTENT_TYPE, found.mediaType()));
            headers.put(HttpHeader.CONTENT_LENGTH, octets.length);
            response.write(true, ByteBuffer.wrap(head ? new byte[0] : octets), callback);
            return true;
        }

        /// The path as it came: nothing is decoded or made shorter, so that no other spelling names a page.
        private static Pages.Request asked(Request request) {
            String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("");
            int query = path.indexOf(QUERY);
            String host = Optional.ofNullable(request.getHttpURI().getHost()).orElse("");
            return new Pages.Request(
                    request.getConnectionMetaData().isSecure(),
                    host.toLowerCase(Locale.ROOT),
                    query < 0 ? path : path.substring(0, query));
        }
    }

    /// Tells of what was wrong with a request by its status alone.
    private static final class Silent extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.write(true, ByteBuffer.allocate(0), callback);
            return true;
        }
    }

    /// Every connection gets an engine with the certificates of its moment.
    private static final class Engines extends SslContextFactory.Server {
        private final WebTls tls;

        Engines(WebTls tls) {
            this.tls = tls;
            setSslContext(neverUsed());
        }

        /// The library starts with a context and takes its engines from below.
        private static SSLContext neverUsed() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[0], null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no TLS: " + e.getMessage(), e);
            }
        }

        @Override
        public SSLEngine newSSLEngine() {
            return tls.engine();
        }

        @Override
        public SSLEngine newSSLEngine(String host, int port) {
            return tls.engine();
        }

        @Override
        public SSLEngine newSSLEngine(InetSocketAddress address) {
            return tls.engine();
        }
    }
}
