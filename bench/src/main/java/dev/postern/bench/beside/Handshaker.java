package dev.postern.bench.beside;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.conscrypt.Conscrypt;

/// Clients that say STARTTLS, EHLO and QUIT, and between them what they are given to say. They count the certificates
/// that they are shown: where
/// an earlier session is gone on with there is none.
final class Handshaker {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int SESSIONS = 1_000;

    private final LongAdder certificates = new LongAdder();
    private final SSLContext context;

    /// What a client offers.
    ///
    /// @param protocol the only one
    /// @param groups key exchanges; none: the usual ones
    record Way(String protocol, List<String> groups) {
        Way {
            groups = List.copyOf(groups);
        }
    }

    Handshaker() throws IOException {
        Provider provider = Conscrypt.newProvider();
        try {
            context = SSLContext.getInstance("TLS", provider);
            context.init(null, new TrustManager[] {new Counting()}, null);
            context.getClientSessionContext().setSessionCacheSize(SESSIONS);
        } catch (GeneralSecurityException e) {
            throw new IOException("Conscrypt does not start", e);
        }
    }

    /// Certificates that were shown since it was asked the last time.
    long certificates() {
        return certificates.sumThenReset();
    }

    /// What is said in a session.
    interface Talk {
        void over(Socket socket) throws IOException;
    }

    /// One session with a server on loopback that says nothing.
    ///
    /// @param name of the server, see {@link #once(int, String, Way, Talk)}
    void once(int port, String name, Way way) throws IOException {
        once(port, name, way, _ -> {});
    }

    /// One session with a server on loopback.
    ///
    /// @param name of the server: under one that it has been called before, the session from then is gone on with
    /// @param way how the hands are shaken
    /// @param talk what is said under TLS, before QUIT
    void once(int port, String name, Way way, Talk talk) throws IOException {
        try (Socket plain = new Socket("127.0.0.1", port)) {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(PATIENCE_MILLIS);
            expect("220", plain, "");
            expect("250", plain, "EHLO client.test\r\n");
            expect("220", plain, "STARTTLS\r\n");
            try (SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true)) {
                Conscrypt.setUseSessionTickets(secured, true);
                secured.setEnabledProtocols(new String[] {way.protocol()});
                if (!way.groups().isEmpty()) {
                    Conscrypt.setNamedGroups(secured, way.groups().toArray(String[]::new));
                }
                secured.startHandshake();
                expect("250", secured, "EHLO client.test\r\n");
                talk.over(secured);
                expect("221", secured, "QUIT\r\n");
            }
        }
    }

    /// Says a command, or nothing, and reads one reply. The server says nothing but its reply, so that what is read
    /// ahead belongs to it.
    static void expect(String code, Socket socket, String command) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(command.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1024);
        String line;
        do {
            line = in.readLine();
            if (line == null || !line.startsWith(code)) {
                throw new IOException("expected " + code + " to \"" + command.strip() + "\", got " + line);
            }
        } while (line.charAt(code.length()) == '-');
    }

    /// Trusts everybody.
    private final class Counting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("this is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            certificates.increment();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
