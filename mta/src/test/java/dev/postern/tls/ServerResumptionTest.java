package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients that come again need no full handshake, whichever provider serves them and whichever they use.
class ServerResumptionTest {
    static Stream<Arguments> pairs() {
        return Providers.all()
                .flatMap(server -> Providers.all()
                        .flatMap(client -> Stream.of("TLSv1.3", "TLSv1.2")
                                .map(protocol -> Arguments.of(server, client, protocol))));
    }

    private static SelfSigned.Made certificate() throws IOException {
        return SelfSigned.make(List.of("mx.example.org"), Instant.now(), Duration.ofDays(1), Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void clientThatComesAgainResumes(TlsProvider serving, TlsProvider coming, String protocol) throws Exception {
        ServerTls server = new ServerTls(serving, certificate().identity());
        ClientTls client = new ClientTls(coming, List.of());
        try (Handshakes handshakes = new Handshakes(server.upgrade())) {
            assertThat(handshakes
                            .with(client.unverified("mx.example.org"), s -> only(s, protocol))
                            .resumed())
                    .isFalse();
            assertThat(handshakes
                            .with(client.unverified("mx.example.org"), s -> only(s, protocol))
                            .resumed())
                    .isTrue();
            assertThat(handshakes
                            .with(client.unverified("mx.example.org"), s -> only(s, protocol))
                            .resumed())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void behindANewCertificateNothingIsResumed(TlsProvider serving, TlsProvider coming, String protocol)
            throws Exception {
        ServerTls server = new ServerTls(serving, certificate().identity());
        ClientTls client = new ClientTls(coming, List.of());
        try (Handshakes handshakes = new Handshakes(server.upgrade())) {
            assertThat(handshakes
                            .with(client.unverified("mx.example.org"), s -> only(s, protocol))
                            .resumed())
                    .isFalse();
            server.show(ShownIdentities.only(certificate().identity()));
            assertThat(handshakes
                            .with(client.unverified("mx.example.org"), s -> only(s, protocol))
                            .resumed())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void whatIsKeptOfSessionsIsBoundedInNumberAndTime(TlsProvider provider) throws Exception {
        SSLSessionContext kept = provider.context(null, null).getServerSessionContext();
        assertThat(kept.getSessionCacheSize()).isEqualTo(TlsProvider.SESSIONS).isPositive();
        assertThat(kept.getSessionTimeout()).isEqualTo(TlsProvider.SESSION_TIME).isPositive();
    }

    private static void only(SSLSocket socket, String protocol) {
        socket.setEnabledProtocols(new String[] {protocol});
    }
}
