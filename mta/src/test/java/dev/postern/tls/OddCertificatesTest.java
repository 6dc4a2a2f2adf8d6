package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Identity;
import dev.postern.crypto.SelfSigned;
import dev.postern.crypto.Sha256;
import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.dane.DaneVerifier;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.SocketConnection;
import dev.postern.wire.TlsUpgrade;
import dev.postern.wire.TlsWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A server shows what is hardly a certificate: its handshake fails, or its certificate proves nothing, and nobody's
/// thread ends by an exception that is none of the network.
class OddCertificatesTest {
    private static final DomainName NAME = DomainName.of("mx.example.org");
    private static final Duration LONG = Duration.ofSeconds(20);

    /// Keys as certificates hold them (RFC 5280 §4.1.2.7), each with what is odd about it.
    private static final Map<String, String> ODD_KEYS = Map.ofEntries(
            Map.entry("Ed25519 without an octet", "300A300506032B6570030100"),
            Map.entry("Ed25519 of one octet", "300B300506032B657003020001"),
            Map.entry("X25519 without an octet", "300A300506032B656E030100"),
            Map.entry("ML-DSA-65 without an octet", "3010300B0609608648016503040312030100"),
            Map.entry("RSA without an octet", "3012300D06092A864886F70D0101010500030100"),
            Map.entry("RSA of nothing", "301A300D06092A864886F70D01010105000309003006020100020100"),
            Map.entry("RSA of 16384 bits and as large an exponent", hugeRsa()),
            Map.entry("EC without a curve", "300E300906072A8648CE3D0201030100"),
            Map.entry("EC without a point", "3018301306072A8648CE3D020106082A8648CE3D030107030100"),
            Map.entry("an unknown algorithm", "300A300506032A0304030100"),
            Map.entry("nothing", "3000"));

    private final ServerSocket listening = listen();

    static Stream<Arguments> cases() {
        return Providers.all()
                .flatMap(provider -> Stream.of("TLSv1.2", "TLSv1.3")
                        .flatMap(version ->
                                ODD_KEYS.keySet().stream().sorted().map(odd -> Arguments.of(provider, version, odd))));
    }

    private static Identity identity() throws IOException {
        return SelfSigned.make(List.of(NAME.text()), Instant.now(), Duration.ofDays(1), Optional.empty())
                .identity();
    }

    private static String hugeRsa() {
        byte[] number = new byte[2049];
        Arrays.fill(number, 1, number.length, (byte) 0xFF);
        byte[] key = element(0x30, element(2, number), element(2, number));
        byte[] algorithm = HexFormat.of().parseHex("300D06092A864886F70D0101010500");
        return HexFormat.of().formatHex(element(0x30, algorithm, element(3, new byte[1], key)));
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Arrays.stream(contents).forEach(content::writeBytes);
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.size() < 0x80) {
            element.write(content.size());
        } else {
            element.write(0x82);
            element.write(content.size() >> 8);
            element.write(content.size());
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    /// The certificate with another key, and so with a signature that is wrong.
    private static byte[] withKey(X509Certificate certificate, byte[] key) throws Exception {
        byte[] signed = certificate.getTBSCertificate();
        byte[] own = certificate.getPublicKey().getEncoded();
        int at = HexFormat.of().formatHex(signed).indexOf(HexFormat.of().formatHex(own)) / 2;
        int header = (signed[1] & 0xFF) < 0x80 ? 2 : 2 + (signed[1] & 0x7F);
        byte[] other = element(
                0x30,
                Arrays.copyOfRange(signed, header, at),
                key,
                Arrays.copyOfRange(signed, at + own.length, signed.length));
        byte[] whole = certificate.getEncoded();
        int start = (whole[1] & 0xFF) < 0x80 ? 2 : 2 + (whole[1] & 0x7F);
        return element(0x30, other, Arrays.copyOfRange(whole, start + signed.length, whole.length));
    }

    private void serve(String version, Identity identity, List<X509Certificate> chain) {
        TlsUpgrade upgrade = ShowingServer.upgrade(TlsProvider.jsse(), new Identity(identity.key(), chain), version);
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try (Socket plain = listening.accept();
                        SSLSocket socket = upgrade.layer(plain)) {
                    socket.startHandshake();
                    socket.getOutputStream().write(socket.getInputStream().read());
                } catch (IOException clientGone) {
                    // the client says what came of it
                }
            }
        });
    }

    /// What a check finds; empty where the handshake failed.
    private Optional<PeerCheck> connect(TlsProvider provider, Function<ClientTls, CertificateCheck> check)
            throws IOException {
        ClientTls tls = new ClientTls(provider, List.of());
        SocketConnection connection = SocketConnection.connect(
                new Endpoint.Inet(listening.getInetAddress(), listening.getLocalPort()),
                Optional.empty(),
                Deadline.after(LONG));
        try {
            return Optional.of(connection
                    .startTls(tls.checked("mx.example.org", check.apply(tls)), Deadline.after(LONG))
                    .peer());
        } catch (IOException failed) {
            assertThat(TlsWords.of(failed)).as("what others are told").doesNotContain("0x", "\n", "/");
            return Optional.empty();
        } finally {
            connection.close();
        }
    }

    private static List<Function<ClientTls, CertificateCheck>> checks(byte[] odd) throws Exception {
        String whole = Sha256.hex(odd);
        List<TlsaRecord> anchors = List.of(new TlsaRecord(2, 0, 1, whole), new TlsaRecord(2, 1, 1, whole));
        TlsRequirement.Dane dane = new TlsRequirement.Dane(anchors, List.of(NAME), NAME);
        return List.of(
                tls -> new PkixCheck(tls.roots(), List.of(NAME.text()), Instant::now),
                _ -> new FingerprintCheck(Set.of(whole)),
                _ -> chain -> new DaneVerifier(Instant::now).check(dane, chain));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void keyThatIsNoneEndsTheHandshakeOrProvesNothing(TlsProvider provider, String version, String odd)
            throws Exception {
        Identity identity = identity();
        byte[] shown = withKey(identity.chain().getFirst(), HexFormat.of().parseHex(ODD_KEYS.get(odd)));
        serve(version, identity, List.of(new Disguised(identity.chain().getFirst(), shown)));
        for (Function<ClientTls, CertificateCheck> check : checks(shown)) {
            assertThat(connect(provider, check)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void issuerWhoseKeyIsNoneProvesNothing(TlsProvider provider, String version, String odd) throws Exception {
        Identity identity = identity();
        X509Certificate own = identity.chain().getFirst();
        byte[] shown = withKey(own, HexFormat.of().parseHex(ODD_KEYS.get(odd)));
        serve(version, identity, List.of(own, new Disguised(own, shown)));
        for (Function<ClientTls, CertificateCheck> check : checks(shown)) {
            assertThat(connect(provider, check).filter(PeerCheck::isProven)).isEmpty();
        }
    }

    /// A certificate as the server's own engine sees it, which is another one on the wire.
    @SuppressWarnings("deprecation") // what the class to be extended wants
    private static final class Disguised extends X509Certificate {
        private static final long serialVersionUID = 1;

        private final X509Certificate seen;
        private final byte[] shown;

        Disguised(X509Certificate seen, byte[] shown) {
            this.seen = seen;
            this.shown = shown;
        }

        @Override
        public byte[] getEncoded() {
            return shown.clone();
        }

        @Override
        public void verify(PublicKey key) {}

        @Override
        public void verify(PublicKey key, String provider) {}

        @Override
        public String toString() {
            return "disguised";
        }

        @Override
        public PublicKey getPublicKey() {
            return seen.getPublicKey();
        }

        @Override
        public void checkValidity() {}

        @Override
        public void checkValidity(Date date) {}

        @Override
        public int getVersion() {
            return seen.getVersion();
        }

        @Override
        public BigInteger getSerialNumber() {
            return seen.getSerialNumber();
        }

        @Override
        public Principal getIssuerDN() {
            return seen.getIssuerX500Principal();
        }

        @Override
        public Principal getSubjectDN() {
            return seen.getSubjectX500Principal();
        }

        @Override
        public Date getNotBefore() {
            return seen.getNotBefore();
        }

        @Override
        public Date getNotAfter() {
            return seen.getNotAfter();
        }

        @Override
        public byte[] getTBSCertificate() {
            return shown.clone();
        }

        @Override
        public byte[] getSignature() {
            return seen.getSignature();
        }

        @Override
        public String getSigAlgName() {
            return seen.getSigAlgName();
        }

        @Override
        public String getSigAlgOID() {
            return seen.getSigAlgOID();
        }

        @Override
        public byte @Nullable [] getSigAlgParams() {
            return seen.getSigAlgParams();
        }

        @Override
        public boolean @Nullable [] getIssuerUniqueID() {
            return null;
        }

        @Override
        public boolean @Nullable [] getSubjectUniqueID() {
            return null;
        }

        @Override
        public boolean @Nullable [] getKeyUsage() {
            return null;
        }

        @Override
        public int getBasicConstraints() {
            return -1;
        }

        @Override
        public boolean hasUnsupportedCriticalExtension() {
            return false;
        }

        @Override
        public Set<String> getCriticalExtensionOIDs() {
            return Set.of();
        }

        @Override
        public Set<String> getNonCriticalExtensionOIDs() {
            return Set.of();
        }

        @Override
        public byte @Nullable [] getExtensionValue(String oid) {
            return null;
        }
    }
}
