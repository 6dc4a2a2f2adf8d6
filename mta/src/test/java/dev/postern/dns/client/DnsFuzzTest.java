package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Zone;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.xbill.DNS.Message;

/// Octets and texts of strangers: whatever they are, reading them ends, and ends in a value.
class DnsFuzzTest {
    private static final int OPT_OCTETS = 11;
    private static final DomainName NAME = DomainName.of("a.example");
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
}
