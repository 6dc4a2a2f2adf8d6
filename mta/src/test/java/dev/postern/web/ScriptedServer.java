package dev.postern.web;

import dev.postern.crypto.Identity;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;

/// A server on loopback that answers requests by HTTPS as its script wants, rightly or not.
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listening;
    private final Identity identity;
    private final Script script;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch ending = new CountDownLatch(1);

    /// What it does once a request is here.
    @FunctionalInterface
    public interface Script {
        /// Answers; the connection ends when this returns.
        void answer(OutputStream out) throws IOException, InterruptedException;

        /// Sends a text, whose lines end with LF, with CRLF for each.
        static Script of(String text) {
            return out -> out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        }

        /// Sends a text file with status 200.
        static Script file(String body) {
            return out -> {
                byte[] octets = body.getBytes(StandardCharsets.UTF_8);
                of("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: " + octets.length + "\n\n")
                        .answer(out);
                out.write(octets);
            };
        }
    }

    public ScriptedServer(Identity identity, Script script) throws IOException {
        this.identity = identity;
        this.script = script;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /// Where it listens.
    public int port() {
        return listening.getLocalPort();
    }

    /// What was asked: the name of SNI, the header in lines, and the octets of a body of known length.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /// Waits until the test ends: a script that never answers.
    public void hang() throws InterruptedException {
        ending.await();
    }

    private void accept() {
        try {
            ServerTls tls = new ServerTls(TlsProvider.jsse(), identity);
            while (true) {
                Socket socket = listening.accept();
                threads.execute(() -> serve(tls, socket));
            }
        } catch (IOException closed) {
            return; // the test has ended
        }
    }

    private void serve(ServerTls tls, Socket plain) {
        try (plain;
                SSLSocket socket = tls.upgrade().layer(plain)) {
            socket.startHandshake();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder request = new StringBuilder(sni(socket)).append('\n');
            int length = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                request.append(line).append('\n');
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring("Content-Length: ".length()));
                }
            }
            for (int i = 0; i < length; i++) {
                request.append((char) in.read());
            }
            requests.add(request.toString());
            OutputStream out = socket.getOutputStream();
            script.answer(out);
            out.flush();
        } catch (IOException | InterruptedException gone) {
            return; // the client did not like it, which is what its test looks at
        }
    }

    private static String sni(SSLSocket socket) {
        return socket.getSession() instanceof javax.net.ssl.ExtendedSSLSession session
                        && !session.getRequestedServerNames().isEmpty()
                        && session.getRequestedServerNames().getFirst() instanceof SNIHostName name
                ? name.getAsciiName()
                : "no SNI";
    }

    @Override
    public void close() throws IOException {
        ending.countDown();
        listening.close();
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
