package dev.postern.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailLogTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));

    private record MessageTaken(String id, Optional<String> user, List<String> to, String words, int size)
            implements Event {}

    private static final MessageTaken EVENT =
            new MessageTaken("0abc", Optional.empty(), List.of("a@b", "c@d"), "said \"no\"\r\nfaked line", 12);

    private static String line(MailLog.Format format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MailLog log = new MailLog(out, format, CLOCK)) {
            log.emit(EVENT);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aTextLineHasTheFieldsInTheirOrderAndNoValueCanBeginALine() {
        assertThat(line(MailLog.Format.TEXT))
                .isEqualTo("2026-11-23T12:00:00Z message-taken id=0abc to=a@b,c@d"
                        + " words=\"said \\\"no\\\"\\r\\nfaked line\" size=12\n");
    }

    @Test
    void aJsonLineIsOneObject() {
        assertThat(line(MailLog.Format.JSON))
                .isEqualTo(
                        "{\"time\":\"2026-11-23T12:00:00Z\",\"event\":\"message-taken\",\"id\":\"0abc\",\"to\":\"a@b,c@d\","
                                + "\"words\":\"said \\\"no\\\"\\r\\nfaked line\",\"size\":\"12\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u0000", "\u001b[31m", "\u007f", "\u0085", "\u009b2J", "\u2028", "\u2029", "\u202e", "\ufeff"})
    void noValueBeginsALineOrLooksLikeAnother(String odd) {
        MessageTaken event = new MessageTaken("0abc", Optional.of("eve" + odd), List.of("a@b"), "x" + odd + "y", 1);
        for (MailLog.Format format : MailLog.Format.values()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (MailLog log = new MailLog(out, format, CLOCK)) {
                log.emit(event);
            }
            String escape = "\\u%04x".formatted((int) odd.charAt(0));
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .doesNotContain(odd)
                    .contains("x" + escape + odd.substring(1) + "y\"");
        }
    }

    @Test
    void aLogThatCannotBeWrittenStopsNobodyAndCounts() {
        MailLog log = new MailLog(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("disk full");
                    }
                },
                MailLog.Format.TEXT,
                CLOCK);

        log.emit(EVENT);
        log.emit(EVENT);

        assertThat(log.dropped()).isEqualTo(2);
    }
}
