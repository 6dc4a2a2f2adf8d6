package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Events;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 at random moments: whatever was acknowledged is there, with its octets, and nothing is
/// half there.
///
/// {@value #ROUNDS} times, and {@value #ALL_ROUNDS} where the environment variable `POSTERN_EXTENT`
/// is `full`; `postern.kill.rounds` sets another number.
class KillTest {
    private static final int ROUNDS = 3;
    private static final int ALL_ROUNDS = 40;
    private static final int MOST_LINES = 400;

    @TempDir(factory = QuickFolder.class)
    private Path folder;

    private final Map<QueueId, Integer> acknowledged = new HashMap<>();
    private final Set<QueueId> going = new HashSet<>();

    @Test
    void whatWasAcknowledgedSurvives() throws Exception {
        RandomGenerator random = RandomGenerator.getDefault();
        boolean full = "full".equals(System.getenv("POSTERN_EXTENT"));
        int rounds = Integer.getInteger("postern.kill.rounds", full ? ALL_ROUNDS : ROUNDS);
        for (int round = 1; round <= rounds; round++) {
            runAndKill(random.nextInt(1, MOST_LINES));
            compare(round);
        }
        assertThat(acknowledged).isNotEmpty();
    }

    private void runAndKill(int lines) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Djava.library.path=" + System.getProperty("java.library.path"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledSpool.class.getName(),
                        folder.resolve("spool").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader()) {
            for (int i = 0; i < lines; i++) {
                String line = out.readLine();
                assertThat(line).as("the process ended by itself").isNotNull();
                take(line);
            }
            process.toHandle().destroyForcibly(); // unlike that of Process it leaves the output to be read
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                take(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void take(String line) {
        String[] words = line.split(" ", -1);
        QueueId id = QueueId.parse(words[1]).orElseThrow();
        switch (words[0]) {
            case "in" -> acknowledged.put(id, Integer.valueOf(words[2]));
            case "going" -> going.add(id);
            case "out" -> {
                acknowledged.remove(id);
                going.remove(id);
            }
            default -> throw new IllegalArgumentException(line);
        }
    }

    private void compare(int round) throws Exception {
        try (RocksSpool spool = RocksSpool.open(
                RocksSpoolSettings.in(folder.resolve("spool")), InstantSource.system(), Events.none())) {
            spool.awaitSweep();
            Map<QueueId, byte[]> there = new HashMap<>();
            List<SpooledMessage> window = spool.list(Optional.empty(), 100);
            while (!window.isEmpty()) {
                for (SpooledMessage message : window) {
                    there.put(message.id(), octets(spool, message.id()));
                }
                window = spool.list(Optional.of(window.getLast().id()), 100);
            }
            there.forEach((id, octets) -> assertThat(octets)
                    .as("content of %s", id)
                    .isEqualTo(TestMessages.content(id.value(), octets.length)));
            going.stream().filter(id -> !there.containsKey(id)).forEach(acknowledged::remove);
            acknowledged.forEach((id, size) ->
                    assertThat(there.get(id)).as("round %d: %s", round, id).hasSize(size));
            assertThat(spool.count()).isEqualTo(there.size());
            assertThat(spool.due(Optional.empty(), InstantSource.system().instant(), Integer.MAX_VALUE))
                    .hasSize(there.size());
            assertThat(spool.aside(Optional.empty(), 1)).isEmpty();
            assertThat(files())
                    .isEqualTo(there.entrySet().stream()
                            .filter(message -> message.getValue().length > 256 * 1024)
                            .map(message -> message.getKey().toString())
                            .collect(Collectors.toSet()));
            there.forEach((id, octets) -> acknowledged.put(id, octets.length));
            going.clear();
        }
    }

    private static byte[] octets(RocksSpool spool, QueueId id) throws IOException {
        try (InputStream in = spool.content(id).open()) {
            return in.readAllBytes();
        }
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("spool/content"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }
}
