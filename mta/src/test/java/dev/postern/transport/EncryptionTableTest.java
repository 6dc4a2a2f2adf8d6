package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.Repository;
import dev.postern.crypto.Identity;
import dev.postern.crypto.Sha256;
import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import dev.postern.route.Route;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.ClientTimeouts;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.tls.ClientTls;
import dev.postern.tls.ShowingServer;
import dev.postern.tls.TlsProvider;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.dane.DaneSource;
import dev.postern.tlspolicy.dane.DaneVerifier;
import dev.postern.tlspolicy.hops.DestinationPolicies;
import dev.postern.tlspolicy.hops.DestinationPolicy;
import dev.postern.tlspolicy.hops.DestinationPolicy.Level;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Pace;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of mail where a server, or somebody before it, does not do TLS as it should: the table of
/// `doc/operator/encryption.md`, played over loopback.
class EncryptionTableTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Pace SLOWLY = new Pace(LONG, 1);
    private static final Instant NOW = Mail.ARRIVED;
    private static final Instant BEFORE = NOW.minus(Duration.ofDays(10));
    private static final Instant AFTER = NOW.plus(Duration.ofDays(10));
    private static final DomainName HOST = DomainName.of("a.example");

    private static final TestCertificate ROOT =
            TestCertificate.named("CN=root").authority().valid(BEFORE, AFTER).bySelf();
    private static final TestCertificate MIDDLE =
            TestCertificate.named("CN=middle").authority().valid(BEFORE, AFTER).by(ROOT);
    private static final TestCertificate GOOD = server().by(ROOT);

    private static TestCertificate.Draft server() {
        return TestCertificate.named("CN=server").dns("a.example").valid(BEFORE, AFTER);
    }

    private static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// A server by the words of the table.
    ///
    /// @param certificate what DANE and fingerprints are about
    private record Party(TestCertificate certificate, Consumer<Connection> serving, Duration handshake) {}

    private static Party showing(TestCertificate server, TestCertificate... others) {
        Identity identity = new Identity(
                server.pair().getPrivate(),
                Stream.concat(Stream.of(server), Arrays.stream(others))
                        .map(TestCertificate::certificate)
                        .toList());
        return encrypting(server, ShowingServer.upgrade(TlsProvider.jsse(), identity, "TLSv1.2", "TLSv1.3"));
    }

    private static Party encrypting(TestCertificate server, TlsUpgrade upgrade) {
        FakeServer.Behaviour behaviour =
                FakeServer.Behaviour.offering("STARTTLS", "REQUIRETLS").encrypting(upgrade);
        return new Party(server, connection -> new FakeServer(behaviour).serve(connection), LONG);
    }

    private static Party behaving(FakeServer.Behaviour behaviour) {
        return new Party(GOOD, connection -> new FakeServer(behaviour).serve(connection), LONG);
    }

    /// What comes instead of a handshake, once.
    private enum Instead {
        CLEAR_TEXT,
        NOTHING,
        SILENCE
    }

    private static Party breaking(Instead instead) {
        FakeServer.Behaviour behaviour = FakeServer.Behaviour.offering("STARTTLS", "REQUIRETLS")
                .encrypting(_ -> {
                    throw new IllegalStateException("TLS begins, where something else was to come");
                });
        return new Party(
                GOOD,
                connection -> new FakeServer(behaviour).serve(breaking(connection, instead)),
                instead == Instead.SILENCE ? SHORT : LONG);
    }

    /// The same connection, where no handshake comes about.
    private static Connection breaking(Connection plain, Instead instead) {
        return (Connection) Proxy.newProxyInstance(
                EncryptionTableTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("startTls")) {
                        breakHandshake(plain, instead);
                    }
                    try {
                        return method.invoke(plain, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void breakHandshake(Connection connection, Instead instead) throws IOException {
        connection.readChunk(5, (octets, offset, length) -> {}, SLOWLY, Deadline.after(LONG)); // of the ClientHello
        if (instead == Instead.CLEAR_TEXT) {
            connection.write("250 SIZE\r\n".getBytes(StandardCharsets.US_ASCII), Deadline.after(LONG));
            connection.flush(Deadline.after(LONG));
        }
        while (instead != Instead.NOTHING) { // until the client goes, which throws
            connection.readChunk(1, (octets, offset, length) -> {}, SLOWLY, Deadline.after(LONG));
        }
        throw new IOException("no handshake");
    }

    private static Party party(String words) {
        return switch (words) {
            case "good certificate" -> showing(GOOD);
            case "no STARTTLS, or it was taken out of the offer" ->
                behaving(FakeServer.Behaviour.offering("PIPELINING", "REQUIRETLS"));
            case "454 to STARTTLS" ->
                behaving(FakeServer.Behaviour.offering("STARTTLS").answeringStartTls(454));
            case "220 to STARTTLS, then clear text" -> breaking(Instead.CLEAR_TEXT);
            case "drops after the ClientHello" -> breaking(Instead.NOTHING);
            case "hangs in the handshake" -> breaking(Instead.SILENCE);
            case "TLS 1.0 only" -> old();
            case "expired" ->
                showing(server().valid(BEFORE, NOW.minus(Duration.ofDays(1))).by(ROOT));
            case "for another name" ->
                showing(TestCertificate.named("CN=a.example")
                        .dns("other.example")
                        .valid(BEFORE, AFTER)
                        .by(ROOT));
            case "self-signed" -> showing(server().bySelf());
            case "RSA of 1024 bits" -> showing(server().key(rsa(1024)).by(ROOT));
            case "signed with SHA-1" -> showing(server().hashed("SHA1").by(ROOT));
            case "chain without its middle" -> showing(server().by(MIDDLE));
            case "chain in odd order" -> {
                TestCertificate lower = TestCertificate.named("CN=lower")
                        .authority()
                        .valid(BEFORE, AFTER)
                        .by(MIDDLE);
                yield showing(server().by(lower), ROOT, MIDDLE, GOOD, lower);
            }
            case "110 kB long" ->
                showing(server().extension(
                                new ASN1ObjectIdentifier("1.3.6.1.4.1.55555.1"),
                                false,
                                new DEROctetString(new byte[110_000]))
                        .by(ROOT));
            case "another key than DANE and fingerprint say" -> {
                Party other = showing(server().by(ROOT));
                yield new Party(GOOD, other.serving(), other.handshake());
            }
            default -> throw new AssertionError("no such server: " + words);
        };
    }

    /// Serves TLS 1.0, and whoever comes back in the clear.
    private static Party old() {
        TlsProvider able =
                TlsProvider.conscrypt().flatMap(TlsProvider::withOldVersions).orElseThrow();
        Identity identity = new Identity(GOOD.pair().getPrivate(), List.of(GOOD.certificate()));
        return encrypting(GOOD, ShowingServer.upgrade(able, identity, "TLSv1"));
    }

    private static HopPolicy policy(String column, X509Certificate certificate) {
        DaneSource dane = column.equals("DANE")
                ? (host, port) -> new DaneFinding.Published(
                        List.of(new TlsaRecord(
                                3, 1, 1, Sha256.hex(certificate.getPublicKey().getEncoded()))),
                        host,
                        "test")
                : DaneSource.none();
        StsSource sts = switch (column) {
            case "testing" -> sts(StsPolicy.Mode.TESTING);
            case "enforce" -> sts(StsPolicy.Mode.ENFORCE);
            default -> StsSource.none();
        };
        return new HopPolicy(HopPolicy.Usual.PUBLISHED, configured(column, certificate), dane, sts);
    }

    private static StsSource sts(StsPolicy.Mode mode) {
        StsPolicy policy = new StsPolicy(mode, List.of(HOST.text()), Duration.ofDays(1));
        return domain -> new StsFinding.InForce(policy, "test");
    }

    private static DestinationPolicies configured(String column, X509Certificate certificate) {
        return switch (column) {
            case "none", "encrypt" ->
                _ -> Optional.of(DestinationPolicy.of("test", Level.valueOf(column.toUpperCase(Locale.ROOT))));
            case "fingerprint" ->
                _ -> {
                    try {
                        return Optional.of(new DestinationPolicy(
                                "test", Level.FINGERPRINT, List.of(), Set.of(Sha256.hex(certificate.getEncoded()))));
                    } catch (GeneralSecurityException e) {
                        throw new IllegalStateException(e);
                    }
                };
            default -> DestinationPolicies.none();
        };
    }

    private static ClientSettings client(Duration handshake) {
        ClientTimeouts timeouts =
                new ClientTimeouts(LONG, LONG, LONG, handshake, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);
        return new ClientSettings("client.example.org", timeouts, 1 << 16);
    }

    private static Consignment mail(String column) {
        boolean required = column.equals("REQUIRETLS");
        return Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .asking(MailParameters.none().withHandling(Handling.usual().requiringTls(required)))
                .to(
                        Recipient.of(Mail.mailbox("r@example")),
                        new Route.Mx(new Host.Domain(DomainName.of("example")), 25, false, Optional.empty()))
                .consignment();
    }

    /// What comes of mail, and what is told to the mail domain.
    private static String outcome(TlsProvider provider, String words, String column) throws IOException {
        Party party = party(words);
        List<TlsTrial> trials = new CopyOnWriteArrayList<>();
        try (LoopbackServer server = new LoopbackServer(party.serving())) {
            ClientTls tls = new ClientTls(provider, List.of(ROOT.certificate()));
            Internet internet = new Internet("$ORIGIN example.\n$AUTHENTIC yes\n@ MX 10 a\na A 192.0.2.1\n");
            DaneVerifier verifier = new DaneVerifier(internet.clock);
            Encrypting encrypting = new Encrypting(
                    policy(column, party.certificate().certificate()),
                    _ -> tls,
                    wanted -> chain -> verifier.check(wanted, chain),
                    trials::add);
            SessionOpener opener = new SessionOpener(
                    OneServer.at(server.endpoint()), client(party.handshake()), internet.events()::add);
            try (Transport.Carriage carriage = internet.transport(SessionBounds.standard(), opener, encrypting)
                    .open()) {
                String told = words(carriage.carry(mail(column)).getFirst());
                assertThat(trials).hasSizeLessThanOrEqualTo(1);
                return told
                        + trials.stream()
                                .map(trial -> trial.outcome() instanceof TlsTrial.Outcome.Failure failure
                                        ? ", "
                                                + failure.result()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-')
                                        : "")
                                .findFirst()
                                .orElse("");
            }
        }
    }

    private static String words(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.Delivered delivered ->
                delivered.remote().orElseThrow().security().encryption().tls().isEmpty() ? "clear" : "TLS";
            case DeliveryOutcome.Deferred deferred -> deferred.status().toString();
            case DeliveryOutcome.Failed failed -> failed.status().toString();
        };
    }

    @ParameterizedTest
    @MethodSource("dev.postern.tls.Providers#all")
    void whatBecomesOfMailIsAsTheManualSays(TlsProvider provider) throws IOException {
        List<String> manual = Files.readAllLines(Repository.root().resolve("doc/operator/encryption.md")).stream()
                .dropWhile(line -> !line.startsWith("| the server |"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(manual).as("the rows of the table").hasSizeGreaterThan(15);
        List<String> columns = cells(manual.getFirst());
        List<String> played = new ArrayList<>(manual.subList(0, 2));
        for (String row : manual.subList(2, manual.size())) {
            StringBuilder line =
                    new StringBuilder("| ").append(cells(row).getFirst()).append(" |");
            for (String column : columns.subList(1, columns.size())) {
                line.append(' ')
                        .append(outcome(provider, cells(row).getFirst(), column))
                        .append(" |");
            }
            played.add(line.toString());
        }
        assertThat(String.join("\n", played)).isEqualTo(String.join("\n", manual));
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(1, row.length() - 1).split("\\|"))
                .map(String::strip)
                .toList();
    }
}
