package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.AuthoritativeAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Zone;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

@Timeout(60)
class AuthoritativeClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final DomainName NAME = DomainName.of("s._domainkey.example.org");

    private static AuthoritativeAnswer<String> ask(ScriptedServer.Script script) throws IOException {
        try (ScriptedServer server = new ScriptedServer(script)) {
            return new AuthoritativeClient(server.endpoint().port(), LONG, 1).ask(HERE, NAME, RecordType.TXT);
        }
    }

    private static Message authoritative(ScriptedServer.Asked asked) {
        Message answer = asked.answer();
        answer.getHeader().setFlag(Flags.AA);
        return answer;
    }

    private static TXTRecord txt(Name name, String text) {
        return new TXTRecord(name, DClass.IN, 60, text);
    }

    @Test
    void recordsOfTheServersOwnAreFound() throws IOException {
        assertThat(ask((number, asked, server) -> {
                    assertThat(asked.message().getHeader().getFlag(Flags.RD)).isFalse();
                    Message answer = authoritative(asked);
                    answer.addRecord(txt(Names.of(NAME), "one"), Section.ANSWER);
                    answer.addRecord(txt(Names.of(DomainName.of("other.example.org")), "two"), Section.ANSWER);
                    answer.addRecord(txt(Names.of(NAME), "three"), Section.ADDITIONAL);
                    server.reply(asked, answer);
                }))
                .isEqualTo(new AuthoritativeAnswer.Found<>(List.of("one"), Duration.ofMinutes(1)));
    }

    @Test
    void nothingIsToldByItsKind() throws IOException {
        assertThat(ask((number, asked, server) -> server.reply(asked, authoritative(asked))))
                .isEqualTo(new AuthoritativeAnswer.NoData<>(Duration.ZERO));
        assertThat(ask((number, asked, server) -> {
                    Message answer = authoritative(asked);
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                    answer.addRecord(
                            new SOARecord(Name.root, DClass.IN, 60, Name.root, Name.root, 1, 1, 1, 1, 30),
                            Section.AUTHORITY);
                    server.reply(asked, answer);
                }))
                .isEqualTo(new AuthoritativeAnswer.NoDomain<>(Duration.ofSeconds(30)));
    }

    @Test
    void whatTheServerHasFromOthersIsNotBelieved() throws IOException {
        assertThat(ask((number, asked, server) -> {
                    Message answer = asked.answer();
                    answer.addRecord(txt(Names.of(NAME), "from its cache"), Section.ANSWER);
                    server.reply(asked, answer);
                }))
                .isEqualTo(new AuthoritativeAnswer.NotAuthoritative<>());
    }

    @Test
    void aliasIsToldAndNotFollowed() throws IOException {
        Name target = Names.of(DomainName.of("s.keys.example"));
        assertThat(ask((number, asked, server) -> {
                    Message answer = authoritative(asked);
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                    answer.addRecord(new CNAMERecord(Names.of(NAME), DClass.IN, 60, target), Section.ANSWER);
                    answer.addRecord(txt(target, "of another's zone"), Section.ANSWER);
                    server.reply(asked, answer);
                }))
                .isEqualTo(new AuthoritativeAnswer.Alias<>(DomainName.of("s.keys.example"), Duration.ofMinutes(1)));
    }

    @Test
    void failureIsToldInWords() throws IOException {
        assertThat(ask((number, asked, server) -> {
                    Message answer = asked.answer();
                    answer.getHeader().setRcode(Rcode.SERVFAIL);
                    server.reply(asked, answer);
                }))
                .isEqualTo(new AuthoritativeAnswer.Failed<>("it answers SERVFAIL"));
        assertThat(ask((number, asked, server) -> {
                    byte[] octets = authoritative(asked).toWire();
                    octets[7] = 9; // nine answers, none of which is there
                    server.reply(asked, octets);
                }))
                .isInstanceOfSatisfying(
                        AuthoritativeAnswer.Failed.class,
                        failed -> assertThat(failed.why()).contains("cannot be read"));
    }

    @Test
    void silentServerIsAskedAgainAndThenGivenUp() throws IOException, InterruptedException {
        try (ScriptedServer server = new ScriptedServer((number, asked, self) -> {})) {
            AuthoritativeClient client =
                    new AuthoritativeClient(server.endpoint().port(), SHORT, 2);
            assertThat(client.ask(HERE, NAME, RecordType.TXT))
                    .isEqualTo(new AuthoritativeAnswer.Failed<>(server.endpoint() + " did not answer within 100 ms"));
            assertThat(server.questions(2)).hasSize(2);
        }
    }

    @Test
    void whereNobodyListensIsAFailure() throws IOException {
        int port;
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            port = socket.getLocalPort();
        }
        assertThat(new AuthoritativeClient(port, LONG, 1).ask(HERE, NAME, RecordType.TXT))
                .isInstanceOf(AuthoritativeAnswer.Failed.class);
    }

    /// A link-local address that does not say on which link it is.
    @Test
    void addressWithoutAWayIsToldWithoutAsking() {
        assertThat(new AuthoritativeClient(53, LONG, 1).ask(InetAddress.ofLiteral("fe80::1"), NAME, RecordType.TXT))
                .isEqualTo(new AuthoritativeAnswer.NoRoute<>());
    }

    @Test
    void answerThatIsTooLongForADatagramComesByTcp() throws IOException {
        String strings = (" \"" + "x".repeat(200) + "\"").repeat(20);
        Zone.Reading zone = Zone.parse("s._domainkey.example.org. TXT" + strings + "\n");
        assertThat(zone).isInstanceOf(Zone.Good.class);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try (ZoneServer server = ZoneServer.open(((Zone.Good) zone).zone(), HERE, 0, threads)) {
            assertThat(new AuthoritativeClient(server.endpoint().port(), LONG, 1).ask(HERE, NAME, RecordType.TXT))
                    .isEqualTo(new AuthoritativeAnswer.Found<>(List.of("x".repeat(4000)), Duration.ofMinutes(5)));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AuthoritativeClient(0, LONG, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AuthoritativeClient(53, Duration.ZERO, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AuthoritativeClient(53, LONG, 0));
    }
}
