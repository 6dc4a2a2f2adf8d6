package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.Zone;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.xbill.DNS.Message;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Update;

/// Octets and texts of strangers: whatever they are, reading them ends, and ends in a value.
class DnsFuzzTest {
    private static final int OPT_OCTETS = 11;
    private static final DomainName NAME = DomainName.of("a.example");
    private static final TrustAnchors ANCHORS = TrustAnchors.ofTheRoot();
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Zone ZONE = Zone.of("a.example. CNAME b.example.\nb.example. MX 10 mx.example.");

    /// The header and the question are right, and announce two answers and one record in each section behind them.
    @FuzzTest
    void answer(byte[] records) {
        Query query = new Query(Inquiry.of(new Question(NAME, RecordType.MX)), new Random(1), Query.Wish.AUTHENTIC);
        int start = query.octets().length - OPT_OCTETS;
        byte[] octets = Arrays.copyOf(query.octets(), start + records.length);
        System.arraycopy(records, 0, octets, start, records.length);
        octets[2] |= (byte) 0x80;
        octets[7] = 2;
        octets[9] = 1;
        try {
            query.answer(octets).ifPresent(this::read);
        } catch (BadAnswer expected) {
            assertThat(expected).hasMessage("it cannot be read");
        }
    }

    private void read(Message message) {
        new AnswerReader<>(NAME, RecordType.MX, true).take(message, Instant.EPOCH);
    }

    @FuzzTest
    void question(byte[] octets) {
        ZoneAnswers answers = new ZoneAnswers(ZONE);
        answers.toDatagram(octets);
        answers.toStream(octets);
    }

    @FuzzTest
    void masterFile(FuzzedDataProvider data) {
        Zone.parse(data.consumeRemainingAsString());
    }

    /// The records are those of an answer that claims to be signed: whatever they are, nothing unsigned is vouched for.
    @FuzzTest
    void validation(byte[] records) {
        byte[] question =
                new Query(Inquiry.of(new Question(NAME, RecordType.MX)), new Random(1), Query.Wish.UNCHECKED).octets();
        int start = question.length - OPT_OCTETS;
        byte[] octets = Arrays.copyOf(question, start + records.length);
        System.arraycopy(records, 0, octets, start, records.length);
        octets[2] |= (byte) 0x80;
        octets[7] = 2;
        octets[9] = 2;
        octets[11] = 0;
        Validator validator =
                new Validator(ANCHORS, InstantSource.fixed(NOW), (inquiry, deadline) -> answer(inquiry, octets));
        try {
            Upstream.Reply reply = validator.ask(
                    Inquiry.of(new Question(NAME, RecordType.MX)), Deadline.after(Duration.ofSeconds(10)));
            assertThat(reply).isInstanceOf(Upstream.Reply.Unanswered.class);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /// The same octets are the answer to whatever is asked, so that keys and proofs are made of them too.
    private static Upstream.Reply answer(Inquiry inquiry, byte[] octets) {
        try {
            return new Upstream.Reply.Answered(new Message(octets));
        } catch (IOException | RuntimeException unreadable) {
            return new Upstream.Reply.Unanswered("the answer to " + inquiry + " cannot be read");
        }
    }

    @FuzzTest
    void anchorTable(FuzzedDataProvider data) {
        Optional<AnchorTable> table = anchorTable(data.consumeRemainingAsAsciiString());
        table.ifPresent(read ->
                assertThat(anchorTable(read.text()).map(AnchorTable::text)).contains(read.text()));
    }

    private static Optional<AnchorTable> anchorTable(String text) {
        try {
            return Optional.of(AnchorTable.parse(text, ANCHORS));
        } catch (IOException none) {
            return Optional.empty(); // the exception is how it says "no"
        }
    }

    /// Whoever does not know the secret never has us believe that it is done.
    @FuzzTest
    void updateAnswer(byte[] octets) {
        TsigKey key = TsigKey.parse(NAME, TsigKey.Algorithm.HMAC_SHA256, "AAECAwQFBgcICQoLDA0ODw==")
                .orElseThrow();
        TSIG library = key.library(InstantSource.fixed(Instant.EPOCH));
        Message sent = new Update(Names.of(NAME));
        library.apply(sent, null);
        UpdateSettings settings = new UpdateSettings(
                new Endpoint.Inet(InetAddress.getLoopbackAddress(), 53), List.of(NAME), key, Duration.ofSeconds(1));
        byte[] answer = octets.clone();
        if (answer.length > 2) {
            answer[0] = (byte) (sent.getHeader().getID() >> 8);
            answer[1] = (byte) sent.getHeader().getID();
            answer[2] = (byte) 0xA8;
        }
        assertThat(new UpdateReader(settings, library, sent).read(answer)).isNotInstanceOf(UpdateAnswer.Done.class);
    }
}
