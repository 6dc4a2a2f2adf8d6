package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.event.Event;
import dev.postern.spool.ManualClock;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.mtasts.PolicyFetcher;
import dev.postern.tlspolicy.mtasts.PolicyParser;
import dev.postern.tlspolicy.mtasts.StsEvent;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.web.HttpsClient;
import dev.postern.web.ScriptedServer;
import dev.postern.web.ScriptedServer.Script;
import dev.postern.web.TestAuthority;
import dev.postern.web.WebSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Policies from a server on loopback, by HTTPS, through a file.
@Timeout(60)
class StsKeepingTest {
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final String POLICY = "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n";
    private static final Resolver NAMES = ZoneResolver.of("""
            _mta-sts.example.org. 60 IN TXT "v=STSv1; id=1;"
            mta-sts.example.org. 60 IN A 127.0.0.1
            """);

    private static TestAuthority authority;
    private static Identity good;

    private final ManualClock clock = ManualClock.atNoon();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<HttpsClient> clients = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeAll
    static void certify() throws Exception {
        authority = new TestAuthority();
        good = authority.certify("mta-sts.example.org");
    }

    @BeforeEach
    void trust() throws Exception {
        Files.writeString(
                folder.resolve("roots.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(authority.root().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    private Config config(int port, String more) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.toml"), """
                hostname = "mail.postern.test"
                listen.mx = ["127.0.0.1:2525"]
                domains.postmaster = "joe@example.net"
                tls.trust = "roots.pem"
                mta-sts.port = %d
                %s
                """.formatted(port, more));
        return switch (ConfigReader.read(file, name -> null)) {
            case ConfigReader.Result.Good(Config config) -> config;
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
    }

    private StsKeeping keeping(int port, Resolver resolver) throws IOException {
        return keeping(config(port, "delivery.private-addresses = true\nmta-sts.wait = \"1m\""), resolver)
                .orElseThrow();
    }

    private Optional<StsKeeping> keeping(Config config, Resolver resolver) {
        HttpsClient client = OutboundWeb.of(config, resolver);
        clients.add(client);
        return StsKeeping.of(config, new StsKeeping.Ground(resolver, client, clock, events::add));
    }

    @AfterEach
    void breakOff() throws IOException {
        for (HttpsClient client : clients) {
            client.close();
        }
    }

    @Test
    void policyIsFetchedAndThereAfterARestartWhenNobodyAnswersAnyMore() throws Exception {
        StsPolicy expected = new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.example.org"), Duration.ofDays(7));
        try (ScriptedServer server = new ScriptedServer(good, Script.file(POLICY));
                StsKeeping keeping = keeping(server.port(), NAMES)) {
            assertThat(keeping.source().of(DOMAIN))
                    .isInstanceOfSatisfying(
                            StsFinding.InForce.class,
                            found -> assertThat(found.policy()).isEqualTo(expected));
            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .startsWith("mta-sts.example.org\nGET /.well-known/mta-sts.txt HTTP/1.1\n");
        }

        try (StsKeeping keeping = keeping(1, Resolver.none())) {
            assertThat(keeping.source().of(DOMAIN))
                    .isInstanceOfSatisfying(
                            StsFinding.InForce.class,
                            found -> assertThat(found.policy()).isEqualTo(expected));
        }
    }

    @Test
    void policyIsOnDiskSoonAfterItWasFetched() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        try (WatchService watch = data.getFileSystem().newWatchService();
                ScriptedServer server = new ScriptedServer(good, Script.file(POLICY));
                StsKeeping keeping = keeping(server.port(), NAMES)) {
            data.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            Thread thread = Thread.ofPlatform().start(keeping);
            keeping.source().of(DOMAIN);
            Path file = data.resolve("mta-sts");
            while (!Files.exists(file)) {
                watch.take().reset();
            }

            assertThat(Files.readString(file)).contains(" example.org 1 ", " mx.example.org\n");
            thread.interrupt();
            thread.join();
        }
    }

    static List<Arguments> failures() throws Exception {
        Script redirect =
                Script.of("HTTP/1.1 302 There\nLocation: https://mta-sts.example.org/\nContent-Length: 0\n\n");
        Script html = Script.of("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 4\n\n<ht>");
        Script huge = out -> {
            Script.of("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 104857600\n\n")
                    .answer(out);
            for (int i = 0; i < 1600; i++) {
                out.write(new byte[65_536]);
            }
        };
        TlsTrial.Result fetch = TlsTrial.Result.STS_POLICY_FETCH_ERROR;
        TlsTrial.Result proof = TlsTrial.Result.STS_WEBPKI_INVALID;
        return List.of(
                Arguments.of("wrong name", authority.certify("example.org"), Script.file(POLICY), proof),
                Arguments.of("expired", authority.expired("mta-sts.example.org"), Script.file(POLICY), proof),
                Arguments.of(
                        "unknown authority",
                        new TestAuthority().certify("mta-sts.example.org"),
                        Script.file(POLICY),
                        proof),
                Arguments.of("redirect", good, redirect, fetch),
                Arguments.of("text/html", good, html, fetch),
                Arguments.of("100 MB", good, huge, TlsTrial.Result.STS_POLICY_INVALID),
                Arguments.of("garbage", good, Script.of("SSH-2.0-x\n"), fetch),
                Arguments.of("another file", good, Script.file("User-agent: *\n"), TlsTrial.Result.STS_POLICY_INVALID),
                Arguments.of("nothing", good, (Script) out -> {}, fetch));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void hostThatDoesWrongHasNoPolicyAndIsTold(String what, Identity identity, Script script, TlsTrial.Result result)
            throws Exception {
        try (ScriptedServer server = new ScriptedServer(identity, script);
                StsKeeping keeping = keeping(server.port(), NAMES)) {
            assertThat(keeping.source().of(DOMAIN))
                    .isInstanceOfSatisfying(
                            StsFinding.Unavailable.class,
                            unavailable ->
                                    assertThat(unavailable.result()).as(what).isEqualTo(result));
            assertThat(events)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StsEvent.StsPolicyUnavailable.class,
                            event -> assertThat(event.result()).isEqualTo(result));
        }
    }

    @Test
    void policyHostIsNoWayIntoANetworkOfOurs() throws Exception {
        try (ScriptedServer server = new ScriptedServer(good, Script.file(POLICY));
                StsKeeping keeping = keeping(config(server.port(), "mta-sts.wait = \"1m\""), NAMES)
                        .orElseThrow()) {
            assertThat(keeping.source().of(DOMAIN))
                    .isInstanceOfSatisfying(
                            StsFinding.Unavailable.class,
                            unavailable -> assertThat(unavailable.why()).contains("no public address"));
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void nothingIsLookedForWhereTheConfigurationDoesNotWantIt() throws Exception {
        assertThat(keeping(config(443, "mta-sts.use = false"), NAMES)).isEmpty();
    }

    @Test
    void whatIsSpokenByHttpsHasTheBoundsThatPoliciesNeed() {
        assertThat(WebSettings.usual().time()).isEqualTo(Duration.ofSeconds(PolicyFetcher.SECONDS));
        assertThat(WebSettings.usual().bodyOctets()).isEqualTo(PolicyParser.LONGEST);
    }
}
