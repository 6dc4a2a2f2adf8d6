package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Zone;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(60)
class ZoneServerTest {
    private static final Zone ZONE = Zone.of("""
            a.example.      A 192.0.2.1
            big.example.    TXT "%s"
            silent.example. TIMEOUT
            """.formatted("x".repeat(3000)));

    private static Message question(String name, int type, int dclass) {
        Message query = new Message(4711);
        query.getHeader().setFlag(Flags.RD);
        query.addRecord(Record.newRecord(Names.of(DomainName.of(name)), type, dclass), Section.QUESTION);
        return query;
    }

    private static Message answer(Message query) throws IOException {
        return new Message(new ZoneAnswers(ZONE).toDatagram(query.toWire()).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "a.example,     A,     NOERROR,  1",
        "A.EXAMPLE,     A,     NOERROR,  1",
        "a.example,     SOA,   NOERROR,  0",
        "a.example,     ANY,   NOERROR,  0",
        "b.example,     HTTPS, NXDOMAIN, 0",
    })
    void questionOfAnyTypeIsAnswered(String name, String type, String code, int records) throws IOException {
        Message answer = answer(question(name, Type.value(type), DClass.IN));
        assertThat(Rcode.string(answer.getRcode())).isEqualTo(code);
        assertThat(answer.getSection(Section.ANSWER)).hasSize(records);
        assertThat(answer.getHeader().getID()).isEqualTo(4711);
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(answer.getOPT()).isNull();
    }

    @Test
    void nonsenseIsRefusedPolitely() throws IOException {
        assertThat(answer(question("a.example", Type.A, DClass.CH)).getRcode()).isEqualTo(Rcode.REFUSED);
        Message update = question("a.example", Type.A, DClass.IN);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(answer(update).getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(answer(new Message(1)).getRcode()).isEqualTo(Rcode.FORMERR);
        Message two = question("a.example", Type.A, DClass.IN);
        two.addRecord(two.getQuestion(), Section.QUESTION);
        assertThat(answer(two).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void answersAndUnreadableOctetsGetNoAnswer() {
        ZoneAnswers answers = new ZoneAnswers(ZONE);
        Message answer = question("a.example", Type.A, DClass.IN);
        answer.getHeader().setFlag(Flags.QR);
        assertThat(answers.toDatagram(answer.toWire())).isEmpty();
        assertThat(answers.toDatagram(
                        question("silent.example", Type.A, DClass.IN).toWire()))
                .isEmpty();
        for (byte[] octets : List.of(new byte[0], new byte[] {1}, new byte[11], new byte[] {
            0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xC0, 12, 0, 1, 0, 1
        })) {
            assertThat(answers.toDatagram(octets)).isEmpty();
        }
    }

    @Test
    void longAnswerIsCutInADatagramAndWholeInAStream() throws IOException {
        ZoneAnswers answers = new ZoneAnswers(ZONE);
        byte[] query = question("big.example", Type.TXT, DClass.IN).toWire();
        byte[] datagram = answers.toDatagram(query).orElseThrow();
        assertThat(datagram).hasSizeLessThanOrEqualTo(512);
        assertThat(new Message(datagram).getHeader().getFlag(Flags.TC)).isTrue();
        Message stream = new Message(answers.toStream(query).orElseThrow());
        assertThat(stream.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(stream.getSection(Section.ANSWER)).hasSize(1);
    }

    @Test
    void oneConnectionCarriesManyQuestionsAndEndsWithTheServer() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ZoneServer server = ZoneServer.open(ZONE, InetAddress.getLoopbackAddress(), 0, threads);
            try (Socket socket =
                    new Socket(server.endpoint().address(), server.endpoint().port())) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] query = question("big.example", Type.TXT, DClass.IN).toWire();
                for (int i = 0; i < 3; i++) {
                    out.writeShort(query.length);
                    out.write(query);
                    byte[] answer = new byte[in.readUnsignedShort()];
                    in.readFully(answer);
                    assertThat(new Message(answer).getRcode()).isEqualTo(Rcode.NOERROR);
                }
                server.close();
                assertThat(in.read()).isEqualTo(-1);
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void takenPortIsToldAtOnce() throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ZoneServer server = ZoneServer.open(ZONE, InetAddress.getLoopbackAddress(), 0, threads)) {
            assertThatThrownBy(() -> ZoneServer.open(
                            ZONE,
                            InetAddress.getLoopbackAddress(),
                            server.endpoint().port(),
                            threads))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void brokenMessagesNeverMakeAnybodyThrow() {
        Random random = new Random(1035);
        Query query = new Query(
                Inquiry.of(new Question(DomainName.of("a.example"), RecordType.A)), random, Query.Wish.AUTHENTIC);
        ZoneAnswers answers = new ZoneAnswers(ZONE);
        byte[] answer = answers.toDatagram(query.octets()).orElseThrow();
        int read = 0;
        for (int round = 0; round < 30_000; round++) {
            byte[] octets = (round % 2 == 0 ? answer : query.octets()).clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            answers.toStream(octets);
            try {
                Optional<Message> message = query.answer(octets);
                if (message.isPresent()) {
                    assertThat(new AnswerReader<>(DomainName.of("a.example"), RecordType.A, true)
                                    .take(message.get(), Instant.EPOCH))
                            .isNotNull();
                    read++;
                }
            } catch (BadAnswer bad) {
                assertThat(bad).hasMessage("it cannot be read");
            }
        }
        assertThat(read).isPositive();
    }
}
