package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// BY, HOLDFOR, HOLDUNTIL and MT-PRIORITY: each form, right and wrong.
class HandlingParametersTest {
    private static final Capabilities ALL = Capabilities.of(new Reply(
            250,
            Optional.empty(),
            Stream.concat(
                            Stream.of("mx"),
                            EnumSet.allOf(Extension.class).stream().map(Extension::keyword))
                    .toList()));

    private static Command read(String parameters, Dialect dialect) {
        byte[] line = ("MAIL FROM:<alice@example.org>" + parameters).getBytes(StandardCharsets.UTF_8);
        return CommandParser.parse(new Line(line, Line.Ending.CRLF), dialect);
    }

    private static Command read(String parameters) {
        return read(parameters, Dialect.of(Dialect.Protocol.SMTP, EnumSet.allOf(Extension.class)));
    }

    private static String written(String parameters) {
        Command.Mail mail = (Command.Mail) read(parameters);
        String line =
                new String(CommandWriter.mail(mail.reversePath(), mail.parameters(), ALL), StandardCharsets.US_ASCII);
        return line.substring("MAIL FROM:<alice@example.org>".length()).stripTrailing();
    }

    @ParameterizedTest
    @CsvSource({
        // what is read, and how it is written again
        "BY=1;R, BY=1;R",
        "BY=120;R, BY=120;R",
        "by=+120;r, BY=120;R",
        "BY=120;RT, BY=120;RT",
        "BY=120;nt, BY=120;NT",
        "BY=999999999;R, BY=999999999;R",
        "BY=0;N, BY=0;N",
        "BY=-0;N, BY=0;N",
        "BY=-999999999;NT, BY=-999999999;NT",
        "BY=000000007;N, BY=7;N",
        "HOLDFOR=1, HOLDFOR=1",
        "holdfor=999999999, HOLDFOR=999999999",
        "HOLDUNTIL=2026-06-01T12:00:00Z, HOLDUNTIL=2026-06-01T12:00:00Z",
        "HOLDUNTIL=2026-06-01t12:00:00z, HOLDUNTIL=2026-06-01T12:00:00Z",
        "HOLDUNTIL=2026-06-01T12:00:00.5Z, HOLDUNTIL=2026-06-01T12:00:00.500Z",
        "HOLDUNTIL=9999-12-31T23:59:59Z, HOLDUNTIL=9999-12-31T23:59:59Z",
        "MT-PRIORITY=-9, MT-PRIORITY=-9",
        "MT-PRIORITY=0, MT-PRIORITY=0",
        "mt-priority=9, MT-PRIORITY=9",
        "MT-PRIORITY=3 HOLDFOR=60 BY=90;R, BY=90;R HOLDFOR=60 MT-PRIORITY=3",
    })
    void whatIsRightIsReadAndWritten(String parameters, String again) {
        assertThat(written(" " + parameters)).isEqualTo(" " + again);
        assertThat(written(" " + again)).isEqualTo(" " + again);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BY=0;R | 501 5.5.4 BY with R is one second or more",
                "BY=-1;R | 501 5.5.4 BY with R is one second or more",
                "BY=120 | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=;R | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=1;X | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=1;TR | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=1;RTT | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=1000000000;N | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=--1;N | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=1.5;N | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=0x1;N | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY | 501 5.5.4 BY is a number of seconds, a semicolon, N or R, and T if it is to be traced",
                "BY=1;N BY=1;N | 501 5.5.4 The parameter BY is there twice",
                "HOLDFOR=0 | 501 5.5.4 HOLDFOR is a number of seconds, 1 to 999999999",
                "HOLDFOR=01 | 501 5.5.4 HOLDFOR is a number of seconds, 1 to 999999999",
                "HOLDFOR=-1 | 501 5.5.4 HOLDFOR is a number of seconds, 1 to 999999999",
                "HOLDFOR=+1 | 501 5.5.4 HOLDFOR is a number of seconds, 1 to 999999999",
                "HOLDFOR=1000000000 | 501 5.5.4 HOLDFOR is a number of seconds, 1 to 999999999",
                "HOLDFOR=1h | 501 5.5.4 HOLDFOR is a number of seconds, 1 to 999999999",
                "HOLDFOR | 501 5.5.4 HOLDFOR is a number of seconds, 1 to 999999999",
                "HOLDUNTIL | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=tomorrow | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=2026-06-01 | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=2026-06-01T12:00:00 | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=2026-06-01T12:00:00+02:00 | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=2026-06-31T12:00:00Z | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=2026-06-01T24:00:00Z | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=12026-06-01T12:00:00Z | 501 5.5.4 HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z",
                "HOLDUNTIL=2026-06-01T12:00:00Z HOLDFOR=1 | 501 5.5.4 HOLDFOR and HOLDUNTIL exclude each other",
                "HOLDFOR=1 HOLDFOR=1 | 501 5.5.4 The parameter HOLDFOR is there twice",
                "MT-PRIORITY | 501 5.5.2 MT-PRIORITY is a number from -9 to 9",
                "MT-PRIORITY=10 | 501 5.5.2 MT-PRIORITY is a number from -9 to 9",
                "MT-PRIORITY=-10 | 501 5.5.2 MT-PRIORITY is a number from -9 to 9",
                "MT-PRIORITY=+1 | 501 5.5.2 MT-PRIORITY is a number from -9 to 9",
                "MT-PRIORITY=-0 | 501 5.5.2 MT-PRIORITY is a number from -9 to 9",
                "MT-PRIORITY=01 | 501 5.5.2 MT-PRIORITY is a number from -9 to 9",
                "MT-PRIORITY=high | 501 5.5.2 MT-PRIORITY is a number from -9 to 9",
            })
    void whatIsWrongIsToldExactly(String parameters, String reply) {
        assertThat(read(" " + parameters))
                .isInstanceOfSatisfying(
                        Command.Malformed.class,
                        wrong -> assertThat(wrong.reply().toString()).isEqualTo(reply));
    }

    @ParameterizedTest
    @CsvSource({
        "BY=1;R, BY",
        "HOLDFOR=1, HOLDFOR",
        "HOLDUNTIL=2026-06-01T12:00:00Z, HOLDUNTIL",
        "MT-PRIORITY=1, MT-PRIORITY"
    })
    void whatIsNotOfferedIsNotKnown(String parameter, String keyword) {
        Command read = read(" " + parameter, Dialect.of(Dialect.Protocol.SMTP, EnumSet.of(Extension.SIZE)));

        assertThat(((Command.Malformed) read).reply().toString())
                .isEqualTo("555 5.5.4 The parameter " + keyword + " is not known here");
    }

    @Test
    void whatTheServerDoesNotKnowIsNotWritten() {
        Command.Mail mail = (Command.Mail) read(" BY=90;R HOLDFOR=60 MT-PRIORITY=3");

        assertThat(new String(
                        CommandWriter.mail(mail.reversePath(), mail.parameters(), Capabilities.none()),
                        StandardCharsets.US_ASCII))
                .isEqualTo("MAIL FROM:<alice@example.org>\r\n");
    }

    @Test
    void theShortestTimeOfAServerIsTheFirstOfItsOptions() {
        List<String> lines =
                Arrays.asList("DELIVERBY", "DELIVERBY 240", "DELIVERBY 30,x", "DELIVERBY ,x", "DELIVERBY -5");

        assertThat(lines.stream()
                        .map(line -> Capabilities.of(new Reply(250, Optional.empty(), List.of("mx", line)))
                                .leastDeliverBy()))
                .containsExactly(0L, 240L, 30L, 0L, 0L);
    }

    @Test
    void timeThatPassesIsTakenOffAndAMessageToBeReturnedHasASecondLeft() {
        DeliverBy returned = new DeliverBy(120, DeliverBy.Mode.RETURN, true);
        DeliverBy told = new DeliverBy(120, DeliverBy.Mode.NOTIFY, false);

        assertThat(returned.after(Duration.ofSeconds(22))).hasToString("98;RT");
        assertThat(returned.after(Duration.ofMinutes(5))).hasToString("1;RT");
        assertThat(told.after(Duration.ofMinutes(5))).hasToString("-180;N");
        assertThat(new DeliverBy(-DeliverBy.MAX_SECONDS, DeliverBy.Mode.NOTIFY, false).after(Duration.ofDays(1)))
                .hasToString("-999999999;N");
    }

    @Test
    void whatIsHeldBackLeavesWhenItsTimeHasCome() {
        Instant taken = Instant.parse("2026-06-01T12:00:00Z");

        assertThat(new FutureRelease.HoldFor(90).after(taken)).isEqualTo(taken.plusSeconds(90));
        assertThat(new FutureRelease.HoldUntil(taken.plusSeconds(5)).after(taken))
                .isEqualTo(taken.plusSeconds(5));
        assertThat(new FutureRelease.HoldUntil(taken.minusSeconds(5)).after(taken))
                .isEqualTo(taken);
    }

    @Test
    void whatCannotBeHasNoForm() {
        assertThatThrownBy(() -> new DeliverBy(0, DeliverBy.Mode.RETURN, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DeliverBy(1_000_000_000, DeliverBy.Mode.NOTIFY, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FutureRelease.HoldFor(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Priority(10)).isInstanceOf(IllegalArgumentException.class);
    }
}
