package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.TlsaRecord;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdate.Change;
import dev.postern.dns.ZoneUpdate.Condition;
import dev.postern.wire.Endpoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

@Timeout(60)
class UpdateClientTest {
    private static final DomainName ZONE = DomainName.of("example.org");
    private static final DomainName NAME = DomainName.of("_acme-challenge.example.org");
    private static final DomainName KEY_NAME = DomainName.of("postern.example.org");
    private static final byte[] SECRET =
            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-01T12:00:00Z"));
    private static final ZoneUpdate CHANGE =
            ZoneUpdate.of(ZONE, new Change.Replace<>(NAME, RecordType.TXT, Duration.ofMinutes(1), List.of("proof")));

    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();

    /// What a server does with an update, in place of all that a name server is.
    private interface Behaviour {
        /// The octets to answer with; empty: the connection is closed.
        Optional<byte[]> answer(Message update, byte[] octets) throws IOException;
    }

    private static TsigKey key(TsigKey.Algorithm algorithm) {
        return TsigKey.parse(KEY_NAME, algorithm, Base64.getEncoder().encodeToString(SECRET))
                .orElseThrow();
    }

    private static TSIG library(Name algorithm, String mac, InstantSource clock) {
        return new TSIG(algorithm, Names.of(KEY_NAME), new SecretKeySpec(SECRET, mac), clock.withZone(ZoneOffset.UTC));
    }

    private static TSIG library() {
        return library(TSIG.HMAC_SHA256, "HmacSHA256", NOW);
    }

    private static Message reply(Message update, int code) {
        Message answer = new Message(update.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setRcode(code);
        return answer;
    }

    private static Optional<byte[]> signed(TSIG key, Message update, int code) {
        Message answer = reply(update, code);
        key.apply(answer, update.getTSIG());
        return Optional.of(answer.toWire());
    }

    private UpdateAnswer send(ZoneUpdate update, Behaviour behaviour) throws IOException {
        return send(update, TsigKey.Algorithm.HMAC_SHA256, behaviour);
    }

    private UpdateAnswer send(ZoneUpdate update, TsigKey.Algorithm algorithm, Behaviour behaviour) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> serve(server, behaviour));
            UpdateSettings settings = new UpdateSettings(
                    new Endpoint.Inet(server.getInetAddress(), server.getLocalPort()),
                    List.of(ZONE),
                    key(algorithm),
                    Duration.ofSeconds(20));
            return new UpdateClient(settings, NOW).send(update);
        }
    }

    private void serve(ServerSocket server, Behaviour behaviour) {
        try (Socket socket = server.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] octets = new byte[in.readUnsignedShort()];
            in.readFully(octets);
            Message update = new Message(octets);
            received.add(update);
            Optional<byte[]> answer = behaviour.answer(update, octets);
            if (answer.isPresent()) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.get().length);
                out.write(answer.get());
            }
        } catch (IOException over) {
            throw new IllegalStateException(over);
        }
    }

    private static List<String> said(Message message, int section) {
        List<String> said = new ArrayList<>();
        for (Record record : message.getSection(section)) {
            if (section != Section.ADDITIONAL) {
                said.add(record.toString().replaceAll("\\s+", " ").strip());
            }
        }
        return said;
    }

    @Test
    void everyKindOfConditionAndChangeIsSaid() throws Exception {
        DomainName mx = DomainName.of("mx.example.org");
        ZoneUpdate update = new ZoneUpdate(
                ZONE,
                List.of(
                        new Condition.Exists(ZONE, RecordType.MX),
                        new Condition.Absent(NAME, RecordType.CNAME),
                        new Condition.Holds<>(ZONE, RecordType.TXT, List.of("v=spf1 -all")),
                        new Condition.InUse(mx),
                        new Condition.NotInUse(DomainName.of("free.example.org"))),
                List.of(
                        new Change.Replace<>(NAME, RecordType.TXT, Duration.ofMinutes(1), List.of("one", "two")),
                        new Change.Add<>(ZONE, RecordType.MX, Duration.ofHours(1), MxRecord.of(10, "mx.example.org")),
                        new Change.Remove<>(
                                DomainName.of("_25._tcp.mx.example.org"),
                                RecordType.TLSA,
                                new TlsaRecord(3, 1, 1, "00ff")),
                        new Change.RemoveAll(mx, RecordType.A)));
        assertThat(send(update, (message, octets) -> signed(library(), message, Rcode.NOERROR)))
                .isEqualTo(new UpdateAnswer.Done());
        Message message = received.take();
        assertThat(message.getHeader().getOpcode()).isEqualTo(Opcode.UPDATE);
        assertThat(said(message, Section.ZONE))
                .singleElement()
                .asString()
                .startsWith("example.org. ")
                .endsWith("SOA");
        assertThat(said(message, Section.PREREQ))
                .containsExactly(
                        "example.org. 0 ANY MX",
                        "_acme-challenge.example.org. 0 NONE CNAME",
                        "example.org. 0 IN TXT \"v=spf1 -all\"",
                        "mx.example.org. 0 ANY ANY",
                        "free.example.org. 0 NONE ANY");
        assertThat(said(message, Section.UPDATE))
                .containsExactly(
                        "_acme-challenge.example.org. 0 ANY TXT",
                        "_acme-challenge.example.org. 60 IN TXT one",
                        "_acme-challenge.example.org. 60 IN TXT two",
                        "example.org. 3600 IN MX 10 mx.example.org.",
                        "_25._tcp.mx.example.org. 0 NONE TLSA 3 1 1 00FF",
                        "mx.example.org. 0 ANY A");
    }

    @ParameterizedTest
    @EnumSource(TsigKey.Algorithm.class)
    void messagesAreSignedByEveryAlgorithm(TsigKey.Algorithm algorithm) throws IOException {
        String number = algorithm.word().substring("hmac-sha".length());
        TSIG server = library(Name.fromString("hmac-sha" + number + "."), "HmacSHA" + number, NOW);
        assertThat(send(CHANGE, algorithm, (message, octets) -> {
                    assertThat(server.verify(message, octets, null)).isEqualTo(Rcode.NOERROR);
                    return signed(server, message, Rcode.NOERROR);
                }))
                .isEqualTo(new UpdateAnswer.Done());
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, does not let the key postern.example.org change that",
        "NOTAUTH, is not a server of that zone",
        "NOTZONE, a name is not in that zone",
        "NOTIMP, takes no updates",
        "SERVFAIL, could not do it",
        "FORMERR, could not do it"
    })
    void refusalIsToldByItsCodeAndInWordsSignedOrNot(String code, String why) throws IOException {
        for (boolean sign : List.of(true, false)) {
            assertThat(send(
                            CHANGE,
                            (message, octets) -> sign
                                    ? signed(library(), message, Rcode.value(code))
                                    : Optional.of(
                                            reply(message, Rcode.value(code)).toWire())))
                    .isInstanceOfSatisfying(UpdateAnswer.Refused.class, refused -> {
                        assertThat(refused.code()).isEqualTo(code);
                        assertThat(refused.why()).contains(why);
                        assertThat(refused.words()).startsWith(code + ": ");
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({"YXDOMAIN", "YXRRSET", "NXDOMAIN", "NXRRSET"})
    void conditionThatDoesNotHoldIsNoRefusal(String code) throws IOException {
        assertThat(send(CHANGE, (message, octets) -> signed(library(), message, Rcode.value(code))))
                .isInstanceOf(UpdateAnswer.Unmet.class);
    }

    @ParameterizedTest
    @CsvSource({"16, another secret", "17, does not know the key", "18, one of the two clocks", "22, BADTRUNC"})
    void whatTheServerHasAgainstOurSignatureIsTold(int error, String words) throws IOException {
        assertThat(send(CHANGE, (message, octets) -> {
                    Message answer = reply(message, Rcode.NOTAUTH);
                    library().apply(answer, error, message.getTSIG());
                    return Optional.of(answer.toWire());
                }))
                .isInstanceOfSatisfying(
                        UpdateAnswer.BadSignature.class,
                        bad -> assertThat(bad.why()).contains(words));
    }

    @Test
    void whoeverSaysDoneAndCannotProveItIsNotBelieved() throws IOException {
        List<Behaviour> forgers = List.of(
                (message, octets) -> Optional.of(reply(message, Rcode.NOERROR).toWire()),
                (message, octets) -> signed(
                        new TSIG(
                                TSIG.HMAC_SHA256,
                                Names.of(KEY_NAME),
                                new SecretKeySpec(new byte[32], "HmacSHA256"),
                                NOW.withZone(ZoneOffset.UTC)),
                        message,
                        Rcode.NOERROR),
                // the right key, an hour ago
                (message, octets) -> signed(
                        library(
                                TSIG.HMAC_SHA256,
                                "HmacSHA256",
                                Clock.offset(NOW.withZone(ZoneOffset.UTC), Duration.ofHours(-1))),
                        message,
                        Rcode.NOERROR),
                // signed, but as the answer to another update
                (message, octets) -> {
                    Message answer = reply(message, Rcode.NOERROR);
                    library().apply(answer, null);
                    return Optional.of(answer.toWire());
                },
                (message, octets) -> {
                    byte[] answer = signed(library(), message, Rcode.REFUSED).orElseThrow();
                    answer[3] &= (byte) 0xF0; // REFUSED becomes NOERROR on the way
                    return Optional.of(answer);
                });
        for (Behaviour forger : forgers) {
            assertThat(send(CHANGE, forger)).isInstanceOf(UpdateAnswer.BadSignature.class);
        }
    }

    @Test
    void whatIsNoAnswerIsAFailure() throws IOException {
        List<Behaviour> broken = List.of(
                (message, octets) -> Optional.empty(),
                (message, octets) -> Optional.of(new byte[0]),
                (message, octets) -> Optional.of(new byte[] {1, 2, 3}),
                (message, octets) -> Optional.of(octets),
                (message, octets) -> {
                    byte[] answer = signed(library(), message, Rcode.NOERROR).orElseThrow();
                    answer[0]++;
                    return Optional.of(answer);
                });
        for (Behaviour behaviour : broken) {
            assertThat(send(CHANGE, behaviour)).isInstanceOf(UpdateAnswer.Failed.class);
        }
    }

    @Test
    void whereNobodyListensAndWhereNobodyAnswersIsAFailure() throws IOException {
        int port;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            assertThat(client(port, Duration.ofMillis(100)).send(CHANGE))
                    .isInstanceOfSatisfying(
                            UpdateAnswer.Failed.class,
                            failed -> assertThat(failed.why()).contains("did not answer within 100 ms"));
        }
        assertThat(client(port, Duration.ofSeconds(20)).send(CHANGE))
                .isInstanceOfSatisfying(
                        UpdateAnswer.Failed.class,
                        failed -> assertThat(failed.why()).contains("cannot be asked"));
    }

    private static UpdateClient client(int port, Duration patience) {
        return new UpdateClient(
                new UpdateSettings(
                        new Endpoint.Inet(InetAddress.getLoopbackAddress(), port),
                        List.of(ZONE, DomainName.of("mail.example.org"), DomainName.of("other.example")),
                        key(TsigKey.Algorithm.HMAC_SHA256),
                        patience),
                NOW);
    }

    @Test
    void zoneOfANameIsTheNearestThatWeMayChange() {
        UpdateClient client = client(53, Duration.ofSeconds(1));
        assertThat(client.zone(DomainName.of("_25._tcp.mail.example.org"))).contains(DomainName.of("mail.example.org"));
        assertThat(client.zone(DomainName.of("example.org"))).contains(ZONE);
        assertThat(client.zone(DomainName.of("www.example.org"))).contains(ZONE);
        assertThat(client.zone(DomainName.of("example.net"))).isEmpty();
    }

    @Test
    void changesBeyondTheSizeOfAMessageAreNotSent() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            changes.add(new Change.Add<>(NAME, RecordType.TXT, Duration.ZERO, "x".repeat(1000) + i));
        }
        assertThat(client(53, Duration.ofSeconds(1)).send(new ZoneUpdate(ZONE, List.of(), changes)))
                .isInstanceOf(UpdateAnswer.Refused.class);
    }

    @Test
    void updateThatMakesNoSenseCannotBe() {
        Change elsewhere = new Change.RemoveAll(DomainName.of("example.net"), RecordType.A);
        assertThatIllegalArgumentException().isThrownBy(() -> ZoneUpdate.of(ZONE, elsewhere));
        assertThatIllegalArgumentException().isThrownBy(() -> new ZoneUpdate(ZONE, List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Change.Replace<>(ZONE, RecordType.TXT, Duration.ZERO, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Change.Add<>(ZONE, RecordType.TXT, Duration.ofSeconds(-1), "x"));
    }

    @Test
    void secretIsBase64OfEnoughOctetsAndIsNotShown() {
        assertThat(TsigKey.parse(KEY_NAME, TsigKey.Algorithm.HMAC_SHA256, "no base64!"))
                .isEmpty();
        assertThat(TsigKey.parse(KEY_NAME, TsigKey.Algorithm.HMAC_SHA256, "AAAAAAAA"))
                .isEmpty();
        assertThat(key(TsigKey.Algorithm.HMAC_SHA384)).hasToString("postern.example.org (hmac-sha384)");
        assertThat(TsigKey.Algorithm.parse("hmac-sha512")).contains(TsigKey.Algorithm.HMAC_SHA512);
        assertThat(TsigKey.Algorithm.parse("hmac-md5")).isEmpty();
    }
}
