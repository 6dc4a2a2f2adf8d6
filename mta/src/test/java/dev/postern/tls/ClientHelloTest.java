package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientHelloTest {
    /// The first octets that a client sends.
    private static byte[] hello(TlsProvider provider, String protocol, List<String> suites, String... signatures)
            throws Exception {
        SSLContext context = provider.context(null, new TrustManager[] {new AnyCertificate()});
        SSLEngine engine = context.createSSLEngine("mail.example.org", 25);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        if (signatures.length > 0) {
            parameters.setSignatureSchemes(signatures);
        }
        engine.setSSLParameters(parameters);
        if (!suites.isEmpty()) {
            engine.setEnabledCipherSuites(suites.toArray(String[]::new));
        }
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] octets = new byte[out.flip().remaining()];
        out.get(octets);
        return octets;
    }

    private static Set<KeyKind> checked(byte[] octets) {
        ClientHello.Reading reading = ClientHello.read(octets, octets.length);
        assertThat(reading).isInstanceOf(ClientHello.Reading.Whole.class);
        return ((ClientHello.Reading.Whole) reading).hello().checked();
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void clientWithoutWishesCanCheckBothUsualKinds(TlsProvider provider) throws Exception {
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            assertThat(checked(hello(provider, protocol, List.of()))).contains(KeyKind.ECDSA, KeyKind.RSA);
        }
    }

    @Test
    void signaturesOfTheClientDecide() throws Exception {
        TlsProvider jdk = TlsProvider.jsse();
        assertThat(checked(hello(jdk, "TLSv1.3", List.of(), "rsa_pss_rsae_sha256")))
                .containsExactly(KeyKind.RSA);
        assertThat(checked(hello(jdk, "TLSv1.3", List.of(), "ecdsa_secp256r1_sha256")))
                .containsExactly(KeyKind.ECDSA);
        assertThat(checked(hello(jdk, "TLSv1.3", List.of(), "ed25519"))).containsExactly(KeyKind.ED25519);
    }

    @Test
    void suitesOfAnOldClientDecideToo() throws Exception {
        TlsProvider jdk = TlsProvider.jsse();
        assertThat(checked(hello(jdk, "TLSv1.2", List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))))
                .containsExactly(KeyKind.RSA);
        assertThat(checked(hello(jdk, "TLSv1.2", List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"))))
                .contains(KeyKind.ECDSA)
                .doesNotContain(KeyKind.RSA);
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void noPartOfItIsWholeAndRecordsMayBeShort(TlsProvider provider) throws Exception {
        byte[] whole = hello(provider, "TLSv1.3", List.of());
        for (int length = 0; length < whole.length; length++) {
            assertThat(ClientHello.read(whole, length)).isInstanceOf(ClientHello.Reading.Unfinished.class);
        }
        assertThat(checked(inRecordsOfOneOctet(whole))).isEqualTo(checked(whole));
    }

    private static byte[] inRecordsOfOneOctet(byte[] hello) {
        ByteBuffer records = ByteBuffer.allocate((hello.length - 5) * 6);
        for (int i = 5; i < hello.length; i++) {
            records.put(new byte[] {22, 3, 1, 0, 1, hello[i]});
        }
        return records.array();
    }

    @Test
    void anythingElseIsNone() throws Exception {
        byte[] whole = hello(TlsProvider.jsse(), "TLSv1.3", List.of());
        byte[] alert = {21, 3, 3, 0, 2, 1, 0};
        byte[] serverHello = whole.clone();
        serverHello[5] = 2;
        byte[] lying = whole.clone();
        lying[43] = (byte) 0xFF; // the length of the session id
        for (byte[] octets :
                List.of("EHLO x\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), alert, serverHello, lying)) {
            assertThat(ClientHello.read(octets, octets.length)).isEqualTo(new ClientHello.Reading.Other());
        }
    }
}
