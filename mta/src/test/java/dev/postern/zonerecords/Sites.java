package dev.postern.zonerecords;

import dev.postern.crypto.Pem;
import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.smtp.Mailbox;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Sites for tests, with keys and certificates that never change.
final class Sites {
    static final DomainName ORG = DomainName.of("example.org");
    static final DomainName NET = DomainName.of("example.net");
    static final DomainName HOST = DomainName.of("mail.example.org");

    private Sites() {}

    static Path file(String name) {
        try {
            URL url = Objects.requireNonNull(Sites.class.getResource(name), name);
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static DkimKey dkim(String name) throws IOException {
        return DkimKey.parse(Files.readString(file(name)), name, Optional.empty());
    }

    /// A certificate of the tests of TLS.
    static X509Certificate certificate(String name) throws IOException {
        return Pem.readCertificates(file("/dev/postern/tls/" + name)).getFirst();
    }

    private static SigningKeyRecord key(String selector, DomainName domain, String file, SigningKeyRecord.Stage stage)
            throws IOException {
        return new SigningKeyRecord(domain, DomainName.of(selector + "._domainkey." + domain), dkim(file), stage);
    }

    static StsPolicy policy(StsPolicy.Mode mode) {
        return new StsPolicy(mode, List.of(HOST.text(), "mx2.example.net"), Duration.ofDays(7));
    }

    /// Two domains with everything.
    static Site full() throws IOException {
        return new Site(
                new Site.Names(HOST, List.of(ORG, NET)),
                new SiteKeys(
                        List.of(
                                key("r1", ORG, "rsa.pem", SigningKeyRecord.Stage.ACTIVE),
                                key("e1", ORG, "ed25519.pem", SigningKeyRecord.Stage.ACTIVE),
                                key("e2", NET, "ed25519.pem", SigningKeyRecord.Stage.WAITING),
                                key(
                                        "e3",
                                        DomainName.of("news.example.org"),
                                        "ed25519.pem",
                                        SigningKeyRecord.Stage.RETIRED)),
                        List.of(
                                certificate("ecdsa-sha256.pem"),
                                certificate("rsa-sha512.pem"),
                                certificate("ecdsa-sha256.pem"))),
                List.of(Mailbox.of("postmaster+dmarc", ORG)),
                Optional.of(new StsSite(policy(StsPolicy.Mode.ENFORCE), true)));
    }

    /// One domain with what it cannot be without.
    static Site small() {
        return new Site(
                new Site.Names(HOST, List.of(ORG)), new SiteKeys(List.of(), List.of()), List.of(), Optional.empty());
    }

    static List<String> lines(Site site) {
        return site.records(SpfTrial.none()).stream()
                .flatMap(own -> own.lines().stream())
                .toList();
    }
}
