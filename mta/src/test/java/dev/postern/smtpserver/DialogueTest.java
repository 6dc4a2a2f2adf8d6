package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Plays the files under `dialogues`: one folder for each subject, the name of each file is a sentence.
class DialogueTest {

    private static final Path FOLDER = folder();

    private static Path folder() {
        try {
            return Path.of(DialogueTest.class.getResource("/dialogues").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    private static Stream<DynamicTest> eachFile(DialoguePlayer.Cut cut) throws IOException {
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(
                        FOLDER.relativize(file).toString().replace(".txt", ""),
                        () -> new DialoguePlayer(Dialogue.read(file), cut).play()));
    }

    @Test
    void thereAreDialogues() throws IOException {
        assertThat(files()).hasSizeGreaterThan(60);
    }

    @TestFactory
    Stream<DynamicTest> everyDialogueGoesAsWritten() throws IOException {
        return eachFile(DialoguePlayer.Cut.NONE);
    }

    /// What the client sends arrives octet by octet, and means the same.
    @TestFactory
    Stream<DynamicTest> everyDialogueGoesAsWrittenWhenItDrips() throws IOException {
        return eachFile(octets -> octets.length > 10_000
                ? List.of(octets.length)
                : IntStream.rangeClosed(1, octets.length).boxed().toList());
    }
}
