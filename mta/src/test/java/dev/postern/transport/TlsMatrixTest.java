package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Event;
import dev.postern.smtpclient.SmtpClientEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// What becomes of a message for everything that DNS, MTA-STS and the exchanger can be like together, by the table
/// `tls-matrix.txt`: real sessions over loopback, with the real look-ups of TLSA records and policies.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsMatrixTest {
    private static final List<Line> LINES = lines();

    private TlsScene.Exchangers exchangers;

    /// One line of the table: what it is about, and what is expected.
    private record Line(int number, List<Set<String>> about, String outcome, String session, String report) {
        boolean matches(TlsScene scene) {
            List<String> values = scene.values();
            for (int i = 0; i < values.size(); i++) {
                if (!about.get(i).contains("*") && !about.get(i).contains(values.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static List<Line> lines() {
        try (InputStream in = TlsMatrixTest.class.getResourceAsStream("tls-matrix.txt")) {
            List<String> text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<Line> lines = new ArrayList<>();
            for (int i = 0; i < text.size(); i++) {
                if (!text.get(i).isBlank() && !text.get(i).startsWith("#")) {
                    lines.add(line(i + 1, text.get(i).split(" {2,}")));
                }
            }
            return lines;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Line line(int number, String[] cells) {
        assertThat(cells).as("cells of line " + number).hasSize(8);
        return new Line(
                number,
                Arrays.stream(cells, 0, 5).map(cell -> Set.of(cell.split(","))).toList(),
                cells[5],
                cells[6],
                cells[7]);
    }

    @BeforeAll
    void open() throws IOException {
        exchangers = new TlsScene.Exchangers();
    }

    @AfterAll
    void close() throws IOException {
        exchangers.close();
    }

    @Test
    void eachCellStandsOnOneLine() {
        assertThat(TlsScene.all())
                .hasSize(600)
                .allSatisfy(scene -> assertThat(LINES)
                        .as(scene.toString())
                        .filteredOn(line -> line.matches(scene))
                        .hasSize(1));
    }

    @TestFactory
    Stream<DynamicTest> eachCellIsAsTheTableHasIt() {
        return LINES.stream()
                .flatMap(line -> TlsScene.all().stream()
                        .filter(line::matches)
                        .map(scene ->
                                DynamicTest.dynamicTest(scene + " of line " + line.number(), () -> play(scene, line))));
    }

    private void play(TlsScene scene, Line line) throws IOException {
        TlsScene.Seen seen = scene.play(exchangers);
        assertThat(seen.outcome()).as("outcome").isEqualTo(line.outcome());
        assertThat(seen.session()).as("session").isEqualTo(line.session());
        assertThat(seen.report()).as("report").isEqualTo(line.report());
        logHasIt(seen);
    }

    /// Of each host that was tried or passed over one event tells what the outcome tells.
    private static void logHasIt(TlsScene.Seen seen) {
        List<? extends Event> told = seen.events().stream()
                .filter(event -> event instanceof SmtpClientEvent.HostReached
                        || event instanceof SmtpClientEvent.HostNotReached
                        || event instanceof TransportEvent.HostPassedOver)
                .toList();
        assertThat(told).hasSize(1);
        switch (told.getFirst()) {
            case SmtpClientEvent.HostReached reached -> {
                assertThat(seen.outcome()).isEqualTo("delivered");
                assertThat(TlsScene.words(reached.encryption())).isEqualTo(seen.session());
            }
            case SmtpClientEvent.HostNotReached notReached ->
                assertThat(seen.why()).contains(notReached.why());
            case TransportEvent.HostPassedOver passedOver -> {
                assertThat(seen.session()).isEqualTo("none");
                assertThat(seen.why()).isEqualTo(passedOver.why());
            }
            default -> throw new AssertionError(told);
        }
    }
}
