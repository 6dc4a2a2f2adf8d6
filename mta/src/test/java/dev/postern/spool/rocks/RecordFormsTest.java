package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.event.Decision;
import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.rocks.RecordReader.Malformed;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The forms of which records are made, the small records, and the keys.
class RecordFormsTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "127, 1", "128, 2", "16383, 2", "16384, 3", "9223372036854775807, 9", "-1, 10"})
    void aNumberTakesAsManyOctetsAsItNeeds(long value, int octets) throws Malformed {
        byte[] written = new RecordWriter().varint(value).toOctets();
        assertThat(written).hasSize(octets);
        assertThat(new RecordReader(written).varint()).isEqualTo(value);
    }

    @Test
    void aNumberWithoutEndIsMalformed() {
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0x80);
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> new RecordReader(endless).varint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999999Z",
                "2026-06-01T12:00:00.5Z",
                "-999999999-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59.999999999Z"
            })
    void aTimeComesBack(Instant time) throws Malformed {
        assertThat(new RecordReader(new RecordWriter().instant(time).toOctets()).instant())
                .isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "jörg", "\u0000\uD83D\uDCEE"})
    void aTextComesBack(String text) throws Malformed {
        RecordReader in = new RecordReader(
                new RecordWriter().text(text).text(Optional.of(text)).toOctets());
        assertThat(in.text()).isEqualTo(text);
        assertThat(in.optionalText()).contains(text);
        in.end();
    }

    @Test
    void octetsThatAreNotUtf8AreMalformed() {
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> new RecordReader(new byte[] {1, (byte) 0xFF}).text());
    }

    @Test
    void aLengthBeyondTheRecordIsMalformedAndTakesNoMemory() {
        byte[] huge = new RecordWriter().varint(Integer.MAX_VALUE).toOctets();
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> new RecordReader(huge).octets());
        byte[] negative = new RecordWriter().varint(-1).toOctets();
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> new RecordReader(negative).octets());
    }

    @Test
    void keysSortAsWhatTheyStandFor() {
        List<Instant> times = List.of(
                Instant.EPOCH,
                Instant.ofEpochSecond(0, 1),
                Instant.parse("2026-06-01T12:00:00Z"),
                Instant.parse("2026-06-01T12:00:00.000000001Z"),
                Instant.parse("2262-04-11T23:47:16.854775807Z"));
        byte[] last = Keys.due(0, 0);
        for (Instant time : times) {
            for (long id : new long[] {1, 255, 256, Long.MAX_VALUE}) {
                byte[] key = Keys.due(Keys.nanos(time), id);
                assertThat(Arrays.compareUnsigned(last, key)).isNegative();
                assertThat(Keys.due(key)).isEqualTo(new DueEntry(time, new QueueId(id)));
                last = key;
            }
        }
    }

    @Test
    void timesBeyondTheKeysAreTheirEnds() {
        assertThat(Keys.nanos(Instant.MIN)).isZero();
        assertThat(Keys.nanos(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void decisionsComeBackAndCutOnesAreMalformed() throws Malformed {
        Map<String, String> inputs = new LinkedHashMap<>(Map.of("z", "1"));
        inputs.put("a", "");
        List<Decision> decisions = List.of(
                new Decision(Instant.EPOCH, "rcpt", "relay", "reject", "not our domain", inputs),
                new Decision(Instant.EPOCH, "helo", "name", "accept", "ü", Map.of()));
        byte[] record = DecisionRecord.encode(decisions);
        assertThat(DecisionRecord.decode(record)).isEqualTo(decisions);
        assertThat(DecisionRecord.decode(record).getFirst().inputs().keySet()).containsExactly("z", "a");
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThatExceptionOfType(Malformed.class).isThrownBy(() -> DecisionRecord.decode(cut));
        }
    }

    @Test
    void theOtherRecordsComeBack() throws Malformed {
        StateRecord state = new StateRecord(
                7, 8, 9, 10, Long.MAX_VALUE, List.of(new StateRecord.Gone(1, true), new StateRecord.Gone(2, false)));
        assertThat(StateRecord.decode(state.encode())).isEqualTo(state);
        assertThat(StateRecord.decode(StateRecord.EMPTY.encode())).isEqualTo(StateRecord.EMPTY);
        FileRecord file = new FileRecord(5_000_000_000L, 0xCAFEBABE);
        assertThat(FileRecord.decode(file.encode())).isEqualTo(file);
        AsideRecord aside = AsideRecord.decode(new AsideRecord(Instant.EPOCH, "why", new byte[] {1, 2}).encode());
        assertThat(aside.at()).isEqualTo(Instant.EPOCH);
        assertThat(aside.why()).isEqualTo("why");
        assertThat(aside.record()).containsExactly(1, 2);
    }

    @Test
    void otherVersionsAreNamed() {
        byte[] other = new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> StateRecord.decode(other))
                .withMessageContaining("version 2");
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> FileRecord.decode(other))
                .withMessageContaining("version 2");
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> AsideRecord.decode(other))
                .withMessageContaining("version 2");
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> DecisionRecord.decode(other))
                .withMessageContaining("version 2");
    }
}
