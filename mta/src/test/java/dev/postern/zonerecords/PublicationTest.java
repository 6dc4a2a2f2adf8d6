package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.AuthoritativeAnswer;
import dev.postern.dns.AuthoritativeResolver;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Zone;
import dev.postern.dns.ZoneResolver;
import dev.postern.dns.client.AuthoritativeClient;
import dev.postern.dns.client.ZoneServer;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real questions to small name servers on 127.0.0.1, 127.0.0.2 and so on, all at one port.
@Timeout(60)
class PublicationTest {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final DomainName NAME = DomainName.of("s._domainkey.example.org");
    private static final String RIGHT = "s._domainkey.example.org. TXT \"the key\"\n";
    private static final String WORLD = """
            example.org.      NS ns1.example.org.
            example.org.      NS ns2.example.net.
            ns1.example.org.  A {one}
            ns2.example.net.  A {two}
            """;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, ZoneServer> servers = new LinkedHashMap<>();
    private final List<ZoneServer> opened = new ArrayList<>();
    private int port;
    private int lastAddress;

    @BeforeEach
    void choosePort() throws IOException {
        try (DatagramSocket any = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            port = any.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (ZoneServer server : opened) {
            server.close();
        }
        threads.shutdownNow();
    }

    private static Zone zone(String records) {
        return switch (Zone.parse(records)) {
            case Zone.Good(Zone zone) -> zone;
            case Zone.Bad bad -> throw new AssertionError(bad.faults().toString());
        };
    }

    /// Lets a server have these records: one at an address of its own, whatever it had before.
    private void serve(String name, String records) throws IOException {
        InetAddress address = InetAddress.ofLiteral(name.equals("six") ? "::1" : "127.0.0." + ++lastAddress);
        while (true) {
            try {
                servers.put(name, ZoneServer.open(zone(records), address, port, threads));
                opened.add(servers.get(name));
                return;
            } catch (BindException taken) {
                if (!servers.isEmpty()) {
                    throw taken;
                }
                port++; // by another program meanwhile: nobody knows ours yet
            }
        }
    }

    private String placed(String world) {
        String text = world;
        for (Map.Entry<String, ZoneServer> server : servers.entrySet()) {
            text = text.replace(
                    "{" + server.getKey() + "}",
                    server.getValue().endpoint().address().getHostAddress());
        }
        return text.replace("{one}", "127.0.0.1").replace("{two}", "127.0.0.2");
    }

    private Survey<String> survey(String world, DomainName... without) {
        AuthoritativeResolver direct = new AuthoritativeClient(port, Duration.ofMillis(500), 1);
        return survey(placed(world), direct, without);
    }

    private Survey<String> survey(String world, AuthoritativeResolver direct, DomainName... without) {
        return new Publication(new ZoneResolver(zone(placed(world))), direct, Set.of(without))
                .survey(
                        NAME,
                        RecordType.TXT,
                        DOMAIN,
                        records -> records.equals(List.of("the key"))
                                ? Optional.empty()
                                : Optional.of("it has " + records));
    }

    private static List<String> said(Survey<String> survey) {
        return survey.findings().stream()
                .map(one -> one.server() + " " + one.verdict() + ": " + one.why())
                .toList();
    }

    @Test
    void everyServerHasTheRecord() throws IOException {
        serve("one", RIGHT);
        serve("two", RIGHT);
        Survey<String> survey = survey(WORLD);
        assertThat(survey.complete()).as(survey.toString()).isTrue();
        assertThat(said(survey))
                .containsExactly(
                        "ns1.example.org RIGHT: it has the record", "ns2.example.net RIGHT: it has the record");
    }

    @Test
    void oneThatLagsIsWaitedFor() throws IOException {
        serve("one", RIGHT);
        serve("two", "s._domainkey.example.org. TXT \"an old key\"\n");
        Survey<String> survey = survey(WORLD);
        assertThat(survey.complete()).isFalse();
        assertThat(said(survey)).contains("ns2.example.net WRONG: it has [an old key]");
        serve("two", "other._domainkey.example.org. TXT \"x\"\n");
        survey = survey(WORLD);
        assertThat(survey.complete()).isFalse();
        assertThat(said(survey)).contains("ns2.example.net WRONG: s._domainkey.example.org does not exist there");
        serve("two", "s._domainkey.example.org. A 192.0.2.1\n");
        assertThat(said(survey(WORLD)))
                .contains("ns2.example.net WRONG: s._domainkey.example.org has no TXT record there");
        serve("two", RIGHT);
        assertThat(survey(WORLD).complete()).isTrue();
    }

    @Test
    void oneThatFailsOrIsSilentOrDeadIsWaitedFor() throws IOException {
        serve("one", RIGHT);
        serve("two", "s._domainkey.example.org. SERVFAIL\n");
        Survey<String> survey = survey(WORLD);
        assertThat(survey.complete()).isFalse();
        assertThat(said(survey)).contains("ns2.example.net SILENT: it answers SERVFAIL");
        serve("two", "s._domainkey.example.org. TIMEOUT\n");
        survey = survey(WORLD);
        assertThat(survey.complete()).isFalse();
        assertThat(survey.findings().getLast().verdict()).isEqualTo(ServerFinding.Verdict.SILENT);
        servers.get("two").close();
        survey = survey(WORLD);
        assertThat(survey.complete()).isFalse();
        assertThat(survey.findings().getLast().verdict()).isEqualTo(ServerFinding.Verdict.SILENT);
        assertThat(survey(WORLD, DomainName.of("ns2.example.net")).complete()).isTrue();
    }

    @Test
    void everyAddressOfAServerIsAsked() throws IOException {
        serve("one", RIGHT);
        serve("two", RIGHT);
        serve("three", "s._domainkey.example.org. TXT \"an old key\"\n");
        serve("six", RIGHT);
        String world = WORLD + "ns1.example.org. AAAA ::1\n";
        assertThat(survey(world).complete()).isTrue();
        assertThat(survey(world).findings()).hasSize(3);
        assertThat(survey(world + "ns1.example.org. A {three}\n").complete()).isFalse();
    }

    /// The name of the key, or all names of keys, may be somebody else's business.
    @Test
    void aliasIsFollowedToTheServersOfItsTarget() throws IOException {
        String alias = "s._domainkey.example.org. CNAME s.keys.example.\n";
        serve("one", alias);
        serve("two", alias);
        serve("four", "s.keys.example. TXT \"the key\"\n");
        String world = WORLD + "keys.example. NS ns.keys.example.\nns.keys.example. A {four}\n";
        Survey<String> survey = survey(world);
        assertThat(said(survey))
                .containsExactly(
                        "ns1.example.org ALIAS: it is an alias of s.keys.example",
                        "ns2.example.net ALIAS: it is an alias of s.keys.example",
                        "ns.keys.example RIGHT: it has the record");
        assertThat(survey.complete()).isTrue();
        serve("four", "s.keys.example. TXT \"an old key\"\n");
        assertThat(survey(world).complete()).isFalse();
        assertThat(survey(WORLD).trouble()).contains("nobody is known to speak for keys.example");
    }

    @Test
    void aliasesThatLeadInACircleOrTooFarAreNoRecord() throws IOException {
        serve("one", """
                s._domainkey.example.org. CNAME a.example.org.
                a.example.org.            CNAME s._domainkey.example.org.
                """);
        Survey<String> circle = survey("example.org. NS ns.example.org.\nns.example.org. A {one}\n");
        assertThat(circle.complete()).isFalse();
        assertThat(circle.findings()).hasSize(2);

        StringBuilder chain = new StringBuilder("s._domainkey.example.org. CNAME a0.example.org.\n");
        for (int i = 0; i < 20; i++) {
            chain.append("a%d.example.org. CNAME a%d.example.org.\n".formatted(i, i + 1));
        }
        serve("one", chain.toString());
        Survey<String> far = survey("example.org. NS ns.example.org.\nns.example.org. A {one}\n");
        assertThat(far.complete()).isFalse();
        assertThat(far.trouble()).contains("s._domainkey.example.org leads through more than 8 aliases");
    }

    @Test
    void zoneBelowTheDomainIsFoundWhereItsServersReferToIt() {
        AuthoritativeResolver direct = new Fixed(Map.of(
                "127.0.0.1", new AuthoritativeAnswer.NotAuthoritative<>(),
                "127.0.0.2", new AuthoritativeAnswer.NotAuthoritative<>(),
                "127.0.0.3", new AuthoritativeAnswer.Found<>(List.of("the key"), TTL)));
        String delegated = WORLD + "_domainkey.example.org. NS ns3.example.org.\nns3.example.org. A 127.0.0.3\n";
        Survey<String> survey = survey(delegated, direct);
        assertThat(said(survey)).containsExactly("ns3.example.org RIGHT: it has the record");
        assertThat(survey.complete()).isTrue();
        assertThat(survey(WORLD, direct).trouble())
                .contains("the servers of example.org do not speak for s._domainkey.example.org");
    }

    @Test
    void serverThatDoesNotSpeakForTheZoneIsWaitedFor() {
        Survey<String> survey = survey(
                WORLD,
                new Fixed(Map.of(
                        "127.0.0.1", new AuthoritativeAnswer.Found<>(List.of("the key"), TTL),
                        "127.0.0.2", new AuthoritativeAnswer.NotAuthoritative<>())));
        assertThat(survey.complete()).isFalse();
        assertThat(said(survey)).contains("ns2.example.net REFERRAL: it does not speak for s._domainkey.example.org");
    }

    /// Where this machine has no IPv6, the IPv4 address of a server is enough, and one is needed.
    @Test
    void addressWithoutAWayDoesNotHoldItUpButAServerWithoutOneDoes() {
        String world = WORLD + "ns1.example.org. AAAA 2001:db8::1\n";
        AuthoritativeResolver direct = new Fixed(Map.of(
                "127.0.0.1", new AuthoritativeAnswer.Found<>(List.of("the key"), TTL),
                "127.0.0.2", new AuthoritativeAnswer.Found<>(List.of("the key"), TTL),
                "2001:db8:0:0:0:0:0:1", new AuthoritativeAnswer.NoRoute<>()));
        assertThat(survey(world, direct).complete()).isTrue();
        String only = "example.org. NS ns3.example.org.\nns3.example.org. AAAA 2001:db8::1\n";
        assertThat(survey(WORLD + only, direct).complete()).isFalse();
    }

    @Test
    void serverThatNobodyCanAskHoldsNothingUp() {
        AuthoritativeResolver direct = new Fixed(Map.of(
                "127.0.0.1", new AuthoritativeAnswer.Found<>(List.of("the key"), TTL),
                "127.0.0.2", new AuthoritativeAnswer.Found<>(List.of("the key"), TTL)));
        Survey<String> survey = survey(WORLD + "example.org. NS gone.example.org.\n", direct);
        assertThat(said(survey)).contains("gone.example.org NO_ADDRESS: it has no address");
        assertThat(survey.complete()).isTrue();
        Survey<String> unknown =
                survey(WORLD + "example.org. NS gone.example.org.\ngone.example.org. SERVFAIL A\n", direct);
        assertThat(said(unknown)).contains("gone.example.org SILENT: its addresses cannot be found now");
        assertThat(unknown.complete()).isFalse();
    }

    @Test
    void whatKeepsFromAskingIsTold() {
        AuthoritativeResolver direct = new Fixed(Map.of());
        assertThat(survey("other.test. A 192.0.2.1\n", direct).trouble())
                .contains("nobody is known to speak for example.org");
        assertThat(survey("example.org. SERVFAIL\n", direct).trouble())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("the name servers of example.org cannot be found: "));
        DomainName[] all = {DomainName.of("ns1.example.org"), DomainName.of("ns2.example.net")};
        Survey<String> none = survey(WORLD, direct, all);
        assertThat(none.trouble()).contains("no name server of example.org is left to ask");
        assertThat(none.complete()).isFalse();
        StringBuilder many = new StringBuilder(WORLD);
        for (int i = 0; i < 100; i++) {
            many.append("ns1.example.org. A 127.0.1.%d\n".formatted(i));
        }
        assertThat(survey(many.toString(), direct).trouble())
                .contains("there are more than 64 addresses of name servers to ask");
    }

    /// An alias of a whole domain leads to somebody else's zone, whose servers know nothing of the name.
    @Test
    void serversOfAnAliasesTargetAreNotThoseOfTheName() {
        String world = """
                sub.test. CNAME else.example.
                else.example. NS ns.else.example.
                test. NS ns.test.
                ns.test. A 127.0.0.1
                """;
        Survey<String> survey = new Publication(
                        new ZoneResolver(zone(world)),
                        new Fixed(Map.of("127.0.0.1", new AuthoritativeAnswer.NoDomain<>(TTL))),
                        Set.of())
                .survey(
                        DomainName.of("s._domainkey.sub.test"),
                        RecordType.TXT,
                        DomainName.of("sub.test"),
                        records -> Optional.empty());
        assertThat(said(survey)).containsExactly("ns.test WRONG: s._domainkey.sub.test does not exist there");
    }

    /// Name servers each of which says one thing.
    private record Fixed(Map<String, AuthoritativeAnswer<String>> answers) implements AuthoritativeResolver {
        @Override
        @SuppressWarnings("unchecked")
        public <R> AuthoritativeAnswer<R> ask(InetAddress server, DomainName name, RecordType<R> type) {
            AuthoritativeAnswer<String> answer = answers.get(server.getHostAddress());
            return answer == null
                    ? new AuthoritativeAnswer.Failed<>("nothing is heard")
                    : (AuthoritativeAnswer<R>) answer;
        }
    }
}
