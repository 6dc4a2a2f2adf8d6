package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which key exchange comes about: the post-quantum one wherever both ends can, the usual ones with everybody else.
class KeyExchangeTest {
    private static final TlsProvider CONSCRYPT = TlsProvider.conscrypt().orElseThrow();
    private static final int X25519_MLKEM_768 = 0x11EC;

    private static ServerHello exchange(TlsProvider serving, TlsProvider coming, Consumer<SSLSocket> set)
            throws Exception {
        ServerTls server = new ServerTls(serving, identity().identity());
        ClientTls client = new ClientTls(coming, List.of());
        try (Handshakes handshakes = new Handshakes(server.upgrade())) {
            return handshakes.with(client.unverified("mx.example.org"), set);
        }
    }

    private static SelfSigned.Made identity() throws IOException {
        return SelfSigned.make(List.of("mx.example.org"), Instant.now(), Duration.ofDays(1), Optional.empty());
    }

    @Test
    void betweenTwoOfUsItIsPostQuantumWithoutASetting() throws Exception {
        ServerHello hello = exchange(CONSCRYPT, CONSCRYPT, socket -> {});
        assertThat(hello.version()).isEqualTo(0x0304);
        assertThat(hello.group()).isEqualTo(OptionalInt.of(X25519_MLKEM_768));
    }

    @ParameterizedTest
    @CsvSource({
        "X25519MLKEM768, 0x11EC",
        "X25519, 0x001D",
        "P-256, 0x0017",
        "P-384, 0x0018",
        "P-256 X25519MLKEM768, 0x11EC",
    })
    void peersThatKnowFewerAreServed(String groups, int agreed) throws Exception {
        ServerHello hello =
                exchange(CONSCRYPT, CONSCRYPT, socket -> Conscrypt.setNamedGroups(socket, groups.split(" ")));
        assertThat(hello.group()).isEqualTo(OptionalInt.of(agreed));
    }

    @ParameterizedTest
    @CsvSource({"x25519, 0x001D", "secp256r1, 0x0017", "secp384r1, 0x0018"})
    void peersOnJavasOwnTlsAreServed(String group, int agreed) throws Exception {
        Consumer<SSLSocket> only = socket -> {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setNamedGroups(new String[] {group});
            socket.setSSLParameters(parameters);
        };
        for (TlsProvider serving : Providers.all().toList()) {
            assertThat(exchange(serving, TlsProvider.jsse(), only).group()).isEqualTo(OptionalInt.of(agreed));
        }
    }

    /// Java's own TLS has no post-quantum exchange yet; it gets what both know.
    @Test
    void javasOwnTlsServesPeersThatOfferMore() throws Exception {
        assertThat(exchange(TlsProvider.jsse(), CONSCRYPT, socket -> {}).group())
                .isEqualTo(OptionalInt.of(0x001D));
    }
}
