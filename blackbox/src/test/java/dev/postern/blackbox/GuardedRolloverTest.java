package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.AnyCertificate;
import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SignedZones;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A certificate with another key comes while a TLSA record stands for the old one, under DNSSEC.
final class GuardedRolloverTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String HOST = "postern.test. MX 10 mail.postern.test.\nmail.postern.test. A 127.0.0.1\n";

    @TempDir
    private Path folder;

    private int mx;
    private int https;
    private Certificate first;
    private Certificate second;
    private SignedZones zones;

    @BeforeEach
    void startNameServers() throws Exception {
        Peers.require("knot", "unbound", "openssl");
        mx = Ports.free();
        https = Ports.free();
        first = Certificate.selfSigned(Files.createDirectories(folder.resolve("first")), "mail.postern.test");
        second = Certificate.selfSigned(Files.createDirectories(folder.resolve("second")), "mail.postern.test");
        zones = SignedZones.start(
                folder.resolve("zones"),
                Map.of("postern.test", new SignedZones.Zone(SignedZones.Signing.SECURE, HOST + tlsa(first))));
    }

    @AfterEach
    void stopNameServers() {
        if (zones != null) {
            zones.close();
        }
    }

    /// Others keep it for two seconds.
    private static String tlsa(Certificate certificate) throws IOException {
        return "_25._tcp.mail.postern.test. 2 TLSA 3 1 1 " + certificate.keyDigest() + "\n";
    }

    private Postern start(String more) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("postern"));
        first.copyInto(home);
        Certificate.selfSigned(Files.createDirectories(home.resolve("policy")), "mta-sts.postern.test");
        Site.accounts(home, "joe@postern.test");
        return Postern.start(home, """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                https = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [tls]
                certificate = ["cert.pem", "policy/cert.pem"]
                key = ["key.pem", "policy/key.pem"]
                [mta-sts]
                mode = "enforce"
                serve = true
                [dns]
                servers = ["127.0.0.1:%d"]
                %s
                """.formatted(mx, https, zones.resolver().port(), more), mx, https);
    }

    private X509Certificate shown() {
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(220, smtp.startTls());
            Site.expect(250, smtp.command("EHLO client.test"));
            return smtp.certificate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The server looks again at once when it is told to read its configuration.
    private boolean showsSecondAfterALook(Postern postern) {
        try {
            postern.reload();
            return shown().equals(second.read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void certificateOfAnotherKeyWaitsForItsRecordAlsoOverARestart() throws Exception {
        try (Postern postern = start("")) {
            assertThat(shown()).isEqualTo(first.read());
            second.copyInto(folder.resolve("postern"));
            postern.reload();
            Await.until(SOON, () -> postern.log().contains("certificate-waits"), postern::log);
            assertThat(postern.log()).contains("senders that keep to DANE would refuse it", second.keyDigest());
            assertThat(shown()).isEqualTo(first.read());

            postern.restart();
            postern.reload();
            assertThat(shown()).isEqualTo(first.read());

            zones.change("postern.test", HOST + tlsa(first) + tlsa(second));
            postern.restart();
            Await.until(SOON, () -> showsSecondAfterALook(postern), postern::log);
            assertThat(postern.log()).contains("others may keep what was there before until");
        }
    }

    @Test
    void serverPublishesTheRecordWhereItMay() throws Exception {
        Path home = Files.createDirectories(folder.resolve("postern"));
        Path secret = Files.createFile(
                home.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, SignedZones.UPDATE_SECRET + "\n");
        try (Postern postern = start("""
                [dns.update]
                server = "127.0.0.1:%d"
                zones = ["postern.test"]
                key-name = "%s"
                key-file = "secret"
                """.formatted(zones.primaryPort(), SignedZones.UPDATE_KEY))) {
            assertThat(shown()).isEqualTo(first.read());
            second.copyInto(folder.resolve("postern"));
            Await.until(SOON, () -> showsSecondAfterALook(postern), postern::log);
            assertThat(postern.log()).contains("record-sent", "done=true");
        }
    }

    /// RFC 8461 §3.3, as a sender fetches it, under the certificate of that host beside the one for mail.
    @Test
    void policyIsServedUnderTls() throws Exception {
        try (Postern postern = start("")) {
            assertThat(fetched("mta-sts.postern.test"))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("text/plain")
                    .endsWith(
                            "\r\n\r\nversion: STSv1\r\nmode: enforce\r\nmx: mail.postern.test\r\nmax_age: 604800\r\n");
            assertThat(fetched("mail.postern.test")).startsWith("HTTP/1.1 404 ");
            assertThat(postern.log()).doesNotContain("certificate-waits");
            assertThat(postern.isAlive()).isTrue();
        }
    }

    private String fetched(String host) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                AnyCertificate.context().getSocketFactory().createSocket(InetAddress.ofLiteral("127.0.0.1"), https)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.getOutputStream()
                    .write(("GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
