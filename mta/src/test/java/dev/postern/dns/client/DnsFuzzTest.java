package dev.postern.dns.client;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Zone;
import java.util.Arrays;
import java.util.Random;
import org.xbill.DNS.Message;

/// Octets and texts of strangers: whatever they are, reading them ends, and ends in a value.
class DnsFuzzTest {
    private static final DomainName NAME = DomainName.of("a.example");
    private static final Zone ZONE = Zone.of("a.example. CNAME b.example.\nb.example. MX 10 mx.example.");

    @FuzzTest
    void answer(byte[] tail) {
        Query query = new Query(new Question(NAME, RecordType.MX), new Random(1), true);
        byte[] octets = Arrays.copyOf(query.octets(), query.octets().length + tail.length);
        System.arraycopy(tail, 0, octets, query.octets().length, tail.length);
        octets[2] |= (byte) 0x80;
        try {
            query.answer(octets).ifPresent(this::read);
        } catch (BadAnswer expected) {
            return;
        }
    }

    private void read(Message message) {
        new AnswerReader<>(NAME, RecordType.MX, true).take(message);
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
}
