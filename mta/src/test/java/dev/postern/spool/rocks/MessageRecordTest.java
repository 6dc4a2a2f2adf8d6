package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.spool.Orders;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import dev.postern.spool.Via;
import dev.postern.spool.rocks.RecordReader.Malformed;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageRecordTest {
    private static final QueueId ID = new QueueId(42);
    private static final Instant DUE = Instant.parse("2026-06-01T12:00:00.123456789Z");

    static List<SpooledMessage> messages() {
        SpooledMessage rich = TestMessages.rich(ID, DUE);
        return List.of(
                TestMessages.simple(ID, DUE),
                rich,
                rich.withHeld(true),
                TestMessages.untold(ID, DUE),
                rich.withOrders(Orders.none().withEnd(Optional.of(DUE))),
                rich.withOrders(new Orders(Optional.of(DUE), Via.parse("relay.example:2525", true)))
                        .withHeld(true),
                TestMessages.simple(ID, DUE).withOrders(Orders.none().withVia(Via.parse("[2001:db8::1]", false))),
                TestMessages.deferred(TestMessages.simple(ID, Instant.EPOCH), DUE),
                TestMessages.simple(ID, Instant.parse("1969-12-31T23:59:59.999999999Z")));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageComesBackAsItWas(SpooledMessage message) throws Malformed {
        assertThat(MessageRecord.decode(ID, MessageRecord.encode(message, false)))
                .isEqualTo(message);
        assertThat(MessageRecord.decode(ID, MessageRecord.encode(message, true)))
                .isEqualTo(message);
    }

    @Test
    void whatIsStillToBeToldIsDue() {
        byte[] record = MessageRecord.encode(TestMessages.untold(ID, DUE), false);
        assertThat(Keys.ofNanos(MessageRecord.due(record))).isEqualTo(DUE);
        assertThat(TestMessages.untold(ID, DUE).isFinished()).isFalse();
    }

    @Test
    void theHeadTellsTheScheduleAndWhereTheContentIs() {
        byte[] due = MessageRecord.encode(TestMessages.rich(ID, DUE), true);
        assertThat(Keys.ofNanos(MessageRecord.due(due))).isEqualTo(DUE);
        assertThat(MessageRecord.inFile(due)).isTrue();
        byte[] held = MessageRecord.encode(TestMessages.rich(ID, DUE).withHeld(true), false);
        assertThat(MessageRecord.due(held)).isEqualTo(MessageRecord.NOT_DUE);
        assertThat(MessageRecord.inFile(held)).isFalse();
        assertThat(MessageRecord.inFile(MessageRecord.withInFile(held, true))).isTrue();
        assertThat(MessageRecord.withInFile(MessageRecord.withInFile(held, true), false))
                .isEqualTo(held);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aRecordThatIsCutOffOrTooLongIsMalformed(SpooledMessage message) {
        byte[] record = MessageRecord.encode(message, false);
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThatExceptionOfType(Malformed.class)
                    .as("cut to %d of %d", length, record.length)
                    .isThrownBy(() -> MessageRecord.decode(ID, cut));
        }
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> MessageRecord.decode(ID, Arrays.copyOf(record, record.length + 1)))
                .withMessageContaining("too many");
    }

    @Test
    void anUnknownVersionIsNamed() {
        byte[] record = MessageRecord.encode(TestMessages.simple(ID, DUE), false);
        record[0] = 2;
        assertThatExceptionOfType(Malformed.class)
                .isThrownBy(() -> MessageRecord.decode(ID, record))
                .withMessage(
                        "it has record version 2, this Postern reads version 1: a newer Postern may have written it");
    }

    /// Whatever the octets are: a message or Malformed, no other exception, no endless loop, no
    /// huge array.
    @Test
    void anyOctetsAreAMessageOrMalformed() {
        Random random = new Random(7);
        byte[] record = MessageRecord.encode(TestMessages.rich(ID, DUE), false);
        int malformed = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] changed = record.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                changed[1 + random.nextInt(changed.length - 1)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(MessageRecord.decode(ID, changed).recipients()).isNotEmpty();
            } catch (Malformed expected) {
                malformed++;
            }
        }
        assertThat(malformed).isPositive();
    }
}
