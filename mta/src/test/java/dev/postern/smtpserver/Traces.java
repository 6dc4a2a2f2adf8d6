package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Decision;
import dev.postern.event.Event;
import dev.postern.event.Unprintable;
import dev.postern.observe.MailLog;
import dev.postern.spool.SpooledMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What a session leaves behind: lines of the log, decisions, header fields.
final class Traces {
    private static final int MOST_MESSAGES = 1000;

    /// Header fields, folded or not, with nothing between them.
    private static final String FIELDS = "(?:[!-9;-~]+: [ -~]*\r\n(?:[ \t][ -~\t]*\r\n)*)+";

    private Traces() {}

    /// Holds against a world that nothing of what was said in its sessions means anything where it was written down.
    static void assertNothingIsInjected(World world) throws java.io.IOException {
        for (MailLog.Format format : MailLog.Format.values()) {
            for (Event event : world.events) {
                assertThat(logged(event, format)).matches("[^\n]*\n").satisfies(Traces::assertPrintable);
            }
        }
        world.kept.values().forEach(decisions -> decisions.forEach(Traces::assertPrintable));
        for (SpooledMessage message : world.spool.list(Optional.empty(), MOST_MESSAGES)) {
            assertThat(message.trace()).matches(FIELDS);
            world.spool.decisions(message.id()).forEach(Traces::assertPrintable);
        }
    }

    private static String logged(Event event, MailLog.Format format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MailLog log = new MailLog(out, format, InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")))) {
            log.emit(event);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertPrintable(Decision decision) {
        List.of(decision.stage(), decision.rule(), decision.verdict(), decision.why())
                .forEach(Traces::assertPrintable);
        decision.inputs().forEach((name, value) -> {
            assertPrintable(name);
            assertPrintable(value);
        });
    }

    private static void assertPrintable(String text) {
        assertThat(Unprintable.anyIn(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text))
                .as("unprintable: " + text)
                .isFalse();
    }
}
