package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.postern.event.Event;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipeTransportTest {
    private static final Duration PLENTY = Duration.ofMinutes(1);

    @TempDir
    Path place;

    private final List<Event> events = new CopyOnWriteArrayList<>();

    /// A pipe to a script that gets the given arguments.
    private PipeTransport script(Duration limit, String body, String... arguments) throws IOException {
        Path script = place.resolve("program");
        Files.writeString(script, "#!/bin/sh\ncd '" + place + "'\n" + body + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        return new PipeTransport(new PipeSettings(PipeCommand.parse(command), limit), events::add);
    }

    private static DeliveryOutcome carry(Transport transport, Consignment consignment) {
        try (Transport.Carriage carriage = transport.open()) {
            List<DeliveryOutcome> outcomes = carriage.carry(consignment);
            assertThat(outcomes).hasSize(consignment.stops().size());
            return outcomes.getFirst();
        }
    }

    private static Consignment mail() {
        return Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .toInbox("bob@example.org")
                .consignment();
    }

    @Test
    void theProgramReadsTheMessageAndGetsItsArgumentsUntouched() throws IOException {
        PipeTransport transport = script(
                PLENTY,
                "cat > message\nfor a; do printf '%s\\n' \"$a\"; done > arguments\nenv > environment",
                "-f",
                "{sender}",
                "--",
                "{recipient}",
                "{local}",
                "{domain}",
                "{detail}",
                "$(id) `id` ; $HOME *");
        Mailbox odd = new Mailbox(
                new dev.postern.smtp.LocalPart("$(touch /tmp/x) ; rm *"),
                Mail.mailbox("x@example.org").host());

        DeliveryOutcome outcome = carry(
                transport,
                Mail.saying("Subject: x\r\n\r\nhello\r\n")
                        .toInbox(odd, Optional.of("de tail"))
                        .consignment());

        assertThat(outcome).isEqualTo(new DeliveryOutcome.Delivered("pipe", Optional.empty(), false, false));
        assertThat(Files.readString(place.resolve("message")))
                .isEqualTo("Return-Path: <alice@example.org>\nDelivered-To: " + odd + "\n"
                        + Mail.TRACE.replace("\r\n", "\n") + "Subject: x\n\nhello\n");
        assertThat(Files.readAllLines(place.resolve("arguments")))
                .containsExactly(
                        "-f",
                        "alice@example.org",
                        "--",
                        "\"$(touch /tmp/x) ; rm *\"@example.org",
                        "$(touch /tmp/x) ; rm *",
                        "example.org",
                        "de tail",
                        "$(id) `id` ; $HOME *");
        assertThat(Files.readAllLines(place.resolve("environment")))
                .allMatch(line -> line.matches("(PATH|PWD|OLDPWD|SHLVL|_)=.*"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2",
        "1, 4.3.0",
        "64, 5.3.0",
        "65, 5.6.0",
        "67, 5.1.1",
        "68, 5.1.2",
        "69, 5.3.0",
        "70, 5.3.0",
        "73, 5.2.0",
        "75, 4.3.0",
        "77, 5.7.0",
        "78, 5.3.5",
        "79, 4.3.0",
        "127, 4.3.0",
        "255, 4.3.0",
    })
    void theExitCodeDecides(int code, String status) throws IOException {
        DeliveryOutcome outcome = carry(script(PLENTY, "cat >/dev/null; echo some words; exit " + code), mail());
        switch (outcome) {
            case DeliveryOutcome.Delivered _ -> assertThat(status).isEqualTo("2");
            case DeliveryOutcome.Deferred d -> {
                assertThat(d.status().toString()).isEqualTo(status);
                assertThat(d.why()).endsWith("some words");
            }
            case DeliveryOutcome.Failed f -> {
                assertThat(f.status().toString()).isEqualTo(status);
                assertThat(f.why()).endsWith("some words");
            }
        }
        assertThat(events).hasSize(code == 0 ? 0 : 1);
    }

    @Test
    void aProgramThatReadsNothingMayStillSucceed() throws IOException {
        Consignment big =
                Mail.saying("x\r\n".repeat(500_000)).toInbox("bob@example.org").consignment();
        assertThat(carry(script(PLENTY, "exit 0"), big)).isInstanceOf(DeliveryOutcome.Delivered.class);
    }

    @Test
    void aProgramThatTalksWithoutReadingDoesNotBlock() throws IOException {
        Consignment big =
                Mail.saying("x\r\n".repeat(200_000)).toInbox("bob@example.org").consignment();
        PipeTransport transport = script(PLENTY, "head -c 1000000 /dev/zero | tr '\\0' 'a'; cat > /dev/null; exit 65");
        assertThat(carry(transport, big))
                .asInstanceOf(type(DeliveryOutcome.Failed.class))
                .satisfies(f -> assertThat(f.why().length()).isLessThan(1200));
    }

    @Test
    void controlCharactersOfTheOutputAreTakenOut() throws IOException {
        assertThat(carry(script(PLENTY, "cat >/dev/null; printf 'one\\r\\ntwo\\033[31m'; exit 75"), mail()))
                .asInstanceOf(type(DeliveryOutcome.Deferred.class))
                .satisfies(d -> assertThat(d.why()).endsWith(": one? two?[31m"));
    }

    @Test
    void aProgramOverItsTimeIsKilledWithAllItStarted() throws IOException, InterruptedException {
        PipeTransport transport = script(Duration.ofMillis(500), "sleep 1000 & echo $! > child; sleep 1000 & wait");
        assertThat(carry(transport, mail()))
                .asInstanceOf(type(DeliveryOutcome.Deferred.class))
                .satisfies(d -> assertThat(d.why()).contains("took longer"));
        long child = Long.parseLong(Files.readString(place.resolve("child")).strip());
        assertThat(endsSoon(child)).isTrue();
        assertThat(events).singleElement().isInstanceOf(TransportEvent.ProgramTrouble.class);
    }

    /// Whether a process that was killed is gone, which the kernel sees to after the signal is sent: of a process
    /// that is not our child no event tells.
    private static boolean endsSoon(long process) {
        long until = System.nanoTime() + PLENTY.toNanos();
        while (ProcessHandle.of(process).filter(PipeTransportTest::runs).isPresent()) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /// Whether a process still runs: one that was killed may wait for its parent to notice.
    private static boolean runs(ProcessHandle process) {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return status.noneMatch(line -> line.startsWith("State:\tZ") || line.startsWith("State:\tX"));
        } catch (IOException gone) {
            return false; // no such process any more
        }
    }

    @Test
    void aProgramThatLeavesAChildOnItsOutputIsNotWaitedForForever() throws IOException {
        assertThat(carry(script(PLENTY, "cat >/dev/null; sleep 1000 & exit 0"), mail()))
                .isInstanceOf(DeliveryOutcome.Delivered.class);
    }

    @Test
    void aProgramThatIsMissingDefers() {
        PipeTransport transport = new PipeTransport(
                new PipeSettings(PipeCommand.parse(List.of("/nowhere/program")), PLENTY), events::add);
        assertThat(carry(transport, mail())).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(events).singleElement().isInstanceOf(TransportEvent.ProgramTrouble.class);
    }

    @Test
    void aMessageThatCannotBeReadToItsEndIsNeverTakenForWhole() throws IOException {
        Content broken = new Content() {
            private int opened;

            @Override
            public long size() {
                return 100;
            }

            @Override
            public InputStream open() {
                InputStream begin = new ByteArrayInputStream("a: b\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
                boolean headerOnly = opened++ == 0;
                return headerOnly ? begin : new SequenceInputStream(begin, new BrokenStream());
            }
        };
        PipeTransport transport = script(PLENTY, "cat > /dev/null && touch taken; exit 0");
        assertThat(carry(transport, Mail.saying("x").toInbox("bob@example.org").consignment(broken)))
                .asInstanceOf(type(DeliveryOutcome.Deferred.class))
                .satisfies(d -> assertThat(d.why()).contains("cannot be read"));
        assertThat(place.resolve("taken")).doesNotExist();
    }

    /// A file that the disk does not give back.
    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("Input/output error");
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            throw new IOException("Input/output error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-oProxyCommand=x", "-", "--help", "-rf"})
    void aValueThatLooksLikeAnOptionIsRefusedUnlessOptionsHaveEnded(String local) {
        Mailbox inbox = Mail.mailbox(local + "@example.org");
        PipeCommand open = PipeCommand.parse(List.of("/bin/p", "-d", "{local}"));
        PipeCommand closed = PipeCommand.parse(List.of("/bin/p", "--", "{local}"));
        assertThat(open.fill(inbox, inbox, Optional.empty())).isEmpty();
        assertThat(closed.fill(inbox, inbox, Optional.empty())).contains(List.of("/bin/p", "--", local));
    }

    @Test
    void theRefusalOfSuchAValueIsFinal() throws IOException {
        assertThat(carry(
                        script(PLENTY, "touch ran", "{recipient}"),
                        Mail.saying("x").toInbox("-x@example.org").consignment()))
                .asInstanceOf(type(DeliveryOutcome.Failed.class))
                .extracting(f -> f.status().toString())
                .isEqualTo("5.1.3");
        assertThat(place.resolve("ran")).doesNotExist();
    }

    @Test
    void whatWasGivenToTheInboxBeforeIsALoop() throws IOException {
        assertThat(carry(
                        script(PLENTY, "touch ran"),
                        Mail.saying("Delivered-To: bob@example.org\r\n\r\n")
                                .toInbox("bob@example.org")
                                .consignment()))
                .asInstanceOf(type(DeliveryOutcome.Failed.class))
                .extracting(f -> f.status().toString())
                .isEqualTo("5.4.6");
        assertThat(place.resolve("ran")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "program, absolute path",
        "/bin/p --to={recipient}, an argument of its own",
        "/bin/p {user}, is unknown",
    })
    void aWrongCommandIsExplained(String command, String sentence) {
        List<String> arguments = List.of(command.split(" "));
        assertThatThrownBy(() -> PipeCommand.parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
