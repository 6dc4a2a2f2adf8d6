package dev.postern.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedHttpTest {
    private static final int MOST = 1000;

    private final ServerSocket listening = listen();
    private final CountDownLatch over = new CountDownLatch(1);
    private final HttpClient jdk = HttpClient.newHttpClient();

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @FunctionalInterface
    private interface Answer {
        void write(OutputStream out) throws Exception;
    }

    /// Answers one request, whatever it is.
    private void serve(Answer answer) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = listening.accept()) {
                InputStream in = socket.getInputStream();
                int ends = 0;
                while (ends < 2) {
                    int octet = in.read();
                    ends = octet == '\n' ? ends + 1 : octet == '\r' ? ends : 0;
                }
                answer.write(socket.getOutputStream());
            } catch (Exception clientGone) {
                // the client says what came of it
            }
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String ask(Duration time) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://" + listening.getInetAddress().getHostAddress() + ":" + listening.getLocalPort() + "/"))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        try (InputStream body = new BoundedHttp(jdk, MOST, time)
                .send(request, HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            return new String(body.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        listening.close();
        jdk.shutdownNow();
    }

    @Test
    void answerWithinTheBoundsComesAsItIs() throws Exception {
        serve(out -> out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")));
        assertThat(ask(Duration.ofMinutes(1))).isEqualTo("hello");
    }

    @Test
    void bodyWithoutAnEndIsReadToTheBoundOnly() {
        serve(out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
            while (true) {
                out.write(new byte[MOST]);
            }
        });
        assertThatThrownBy(() -> ask(Duration.ofMinutes(1))).isInstanceOf(IOException.class);
    }

    @Test
    void bodyThatStopsAfterTheHeaderIsWaitedForWithinItsTimeOnly() {
        serve(out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"));
            out.flush();
            over.await();
        });
        assertThatThrownBy(() -> ask(Duration.ofMillis(300))).isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void packedBodyIsNone() {
        serve(out -> out.write(ascii("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")));
        assertThatThrownBy(() -> ask(Duration.ofMinutes(1))).hasMessageContaining("packed");
    }
}
