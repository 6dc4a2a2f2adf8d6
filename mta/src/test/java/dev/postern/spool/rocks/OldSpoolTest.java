package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.TestMessages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A spool that an earlier version left is opened and says what it said then.
class OldSpoolTest {
    @TempDir(factory = QuickFolder.class)
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = "spool-format-1.zip")
    void anOldSpoolIsRead(String name) throws Exception {
        unpack(name);
        Instant noon = OldSpool.CLOCK.instant();
        QueueId small = OldSpool.id(1);
        QueueId rich = OldSpool.id(2);
        QueueId large = OldSpool.id(3);
        try (RocksSpool spool = OldSpool.open(folder)) {
            spool.awaitSweep();
            assertThat(spool.list(Optional.empty(), 10))
                    .containsExactly(OldSpool.small(small), OldSpool.rich(rich), OldSpool.large(large));
            assertThat(spool.count()).isEqualTo(3);
            assertThat(spool.due(Optional.empty(), noon.plus(Duration.ofDays(1)), 10))
                    .containsExactly(new DueEntry(noon, small), new DueEntry(noon.plus(Duration.ofHours(1)), large));
            assertThat(octets(spool, small)).isEqualTo(OldSpool.SMALL);
            assertThat(octets(spool, rich)).isEqualTo(OldSpool.SMALL);
            assertThat(octets(spool, large)).isEqualTo(OldSpool.LARGE);
            assertThat(spool.decisions(large)).containsExactly(TestMessages.decision(noon, "defer"));
            assertThat(spool.nextId()).isGreaterThan(large);
        }
    }

    private static byte[] octets(RocksSpool spool, QueueId id) throws IOException {
        try (InputStream in = spool.content(id).open()) {
            return in.readAllBytes();
        }
    }

    private void unpack(String name) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Objects.requireNonNull(OldSpool.class.getResourceAsStream(name)))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(in, file);
            }
        }
    }
}
