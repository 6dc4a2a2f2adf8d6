package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.dns.AuthoritativeAnswer;
import dev.postern.dns.AuthoritativeResolver;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.ZoneResolver;
import dev.postern.mailauth.keys.KeyFile;
import dev.postern.mailauth.keys.KeyFolder;
import dev.postern.mailauth.keys.Rotation;
import dev.postern.zonerecords.Publication;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationRunTest {
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));
    private static final ZoneResolver WORLD = ZoneResolver.of("""
            example.org.     NS ns1.example.org.
            example.org.     NS ns2.example.org.
            ns1.example.org. A 192.0.2.1
            ns2.example.org. A 192.0.2.2
            """);

    @TempDir
    private Path temporary;

    private final Map<String, String> published = new HashMap<>();
    private final StringWriter said = new StringWriter();
    private KeyFolder folder = new KeyFolder(Path.of("dkim"));
    private RotationRun.Reload reload = () -> true;

    /// What a name server has, by its address and the name.
    private final AuthoritativeResolver servers = new AuthoritativeResolver() {
        @Override
        @SuppressWarnings("unchecked")
        public <R> AuthoritativeAnswer<R> ask(InetAddress server, DomainName name, RecordType<R> type) {
            String text = published.get(server.getHostAddress() + " " + name);
            return text == null
                    ? new AuthoritativeAnswer.NoDomain<>(Duration.ZERO)
                    : (AuthoritativeAnswer<R>) new AuthoritativeAnswer.Found<>(List.of(text), Duration.ofMinutes(5));
        }
    };

    @BeforeEach
    void makeFirstKeys() throws IOException {
        folder = new KeyFolder(temporary.resolve("dkim"));
        try (Rotation rotation = Rotation.open(folder, CLOCK)) {
            rotation.first(DOMAIN);
        }
    }

    private void publish(String server) throws IOException {
        for (KeyFile file : folder.waiting(DOMAIN)) {
            published.put(
                    server + " " + file.record(), file.read(Optional.empty()).record());
        }
    }

    private RotationRun run(Rotation rotation, boolean json) {
        return new RotationRun(
                rotation,
                new Publication(WORLD, servers, Set.of()),
                new RotationVoice(new PrintWriter(said, true), json),
                new RotationRun.Aftermath(this::reload, new Retirement(7)));
    }

    private boolean reload() throws IOException {
        return reload.run();
    }

    private String news() {
        String news = said.toString();
        said.getBuffer().setLength(0);
        return news;
    }

    private List<String> signing() throws IOException {
        return folder.active().stream().map(key -> key.selector().text()).toList();
    }

    @Test
    void keysChangeWhenTheLastServerHasThem() throws IOException {
        try (Rotation rotation = Rotation.open(folder, CLOCK)) {
            RotationRun run = run(rotation, false);
            run.begin(DOMAIN);
            assertThat(news())
                    .startsWith("example.org: the next keys wait in " + folder.path() + "/waiting/example.org.")
                    .containsPattern(
                            "\n  r20261124-2\\._domainkey\\.example\\.org\\.  TXT   \"v=DKIM1; k=rsa; p=[^\"]*\""
                                    + " \"[^\"]+\"\n")
                    .containsPattern("\n  e20261124-2\\._domainkey\\.example\\.org\\.  TXT   \"v=DKIM1; k=ed25519;"
                            + " p=[^\"]*\"\n");
            run.round();
            assertThat(news())
                    .contains("ns1.example.org (192.0.2.1): r20261124-2._domainkey.example.org does not exist there");
            publish("192.0.2.1");
            run.round();
            assertThat(news())
                    .contains("ns1.example.org (192.0.2.1): it has r20261124-2._domainkey.example.org")
                    .doesNotContain("ns2");
            run.round();
            assertThat(news()).isEmpty();
            assertThat(run.pending()).containsExactly(DOMAIN);
            assertThat(signing()).containsExactly("e20261124", "r20261124");

            publish("192.0.2.2");
            run.round();
            assertThat(run.pending()).isEmpty();
            assertThat(signing()).containsExactly("e20261124-2", "r20261124-2");
            assertThat(news())
                    .contains(
                            "have to stay until 2026-12-01",
                            "r20261124._domainkey.example.org.  TXT   \"v=DKIM1; p=\"",
                            "The running server signs by them.");
        }
        assertThat(folder.waiting()).isEmpty();
    }

    @Test
    void anotherKeyInDnsIsNotTakenForOurs() throws IOException {
        try (Rotation rotation = Rotation.open(folder, CLOCK)) {
            RotationRun run = run(rotation, false);
            run.begin(DOMAIN);
            publish("192.0.2.1");
            publish("192.0.2.2");
            String name = "192.0.2.2 r20261124-2._domainkey.example.org";
            String old = folder.active(DOMAIN).getLast().read(Optional.empty()).record();
            published.put(name, old);
            run.round();
            assertThat(news()).contains("ns2.example.org (192.0.2.2): another key is published there");
            assertThat(run.pending()).containsExactly(DOMAIN);
        }
    }

    @Test
    void serverThatDoesNotTakeTheKeysIsToldAgainByTheNextCall() throws IOException {
        try (Rotation rotation = Rotation.open(folder, CLOCK)) {
            RotationRun run = run(rotation, false);
            run.begin(DOMAIN);
            publish("192.0.2.1");
            publish("192.0.2.2");
            reload = () -> {
                throw new IOException("the configuration has a fault");
            };
            assertThatIOException()
                    .isThrownBy(run::round)
                    .withMessageStartingWith(
                            "the running server goes on with the keys of before: the configuration has a fault");
        }
        assertThat(folder.waiting()).containsExactly(DOMAIN);
        news();
        reload = () -> false;
        try (Rotation rotation = Rotation.open(folder, CLOCK)) {
            RotationRun run = run(rotation, false);
            run.begin(DOMAIN);
            run.round();
            assertThat(run.pending()).isEmpty();
        }
        assertThat(news()).contains("No server is running here; the next one that starts signs by them.");
        assertThat(signing()).containsExactly("e20261124-2", "r20261124-2");
        assertThat(folder.retired()).hasSize(2);
    }

    @Test
    void programsGetAnObjectForEachEvent() throws IOException {
        try (Rotation rotation = Rotation.open(folder, CLOCK)) {
            RotationRun run = run(rotation, true);
            run.begin(DOMAIN);
            run.round();
            publish("192.0.2.1");
            publish("192.0.2.2");
            run.round();
        }
        List<String> lines = news().lines().toList();
        assertThat(lines).hasSize(1 + 4 + 4 + 2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(lines.getFirst())
                .contains("\"event\":\"waiting\"", "\"name\":\"r20261124-2._domainkey.example.org\"");
        assertThat(lines.get(1)).contains("\"event\":\"server\"", "\"address\":\"192.0.2.1\"", "\"right\":false");
        assertThat(lines.get(9)).contains("\"event\":\"changed\"", "\"keep-until\":\"2026-12-01\"");
        assertThat(lines.getLast()).isEqualTo("{\"event\":\"reloaded\"}");
    }
}
