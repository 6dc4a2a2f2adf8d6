package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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

    /// What is sent in the clear behind STARTTLS is an injection if it is here with it, and a broken handshake if it is
    /// not.
    private static boolean isAboutArrivingAtOnce(Path file) {
        return name(file).matches("starttls/.*-end-the-session|starttls/one-octet-.*");
    }

    private static String name(Path file) {
        return FOLDER.relativize(file).toString().replace(".txt", "");
    }

    private static Stream<DynamicTest> each(Stream<Path> files, DialoguePlayer.Cut cut) {
        return files.map(file ->
                DynamicTest.dynamicTest(name(file), () -> new DialoguePlayer(Dialogue.read(file), cut).play()));
    }

    @Test
    void thereAreDialogues() throws IOException {
        assertThat(files()).hasSizeGreaterThan(60);
    }

    @TestFactory
    Stream<DynamicTest> everyDialogueGoesAsWritten() throws IOException {
        return each(files().stream(), DialoguePlayer.Cut.NONE);
    }

    /// What goes over TLS, with the other provider of it.
    @TestFactory
    Stream<DynamicTest> everyDialogueUnderTlsGoesAsWrittenWithConscryptToo() throws IOException {
        TlsProvider conscrypt = TlsProvider.conscrypt().orElseThrow();
        List<Path> encrypted = files().stream().filter(DialogueTest::isUnderTls).toList();
        assertThat(encrypted).hasSizeGreaterThan(10);
        return encrypted.stream()
                .map(file -> DynamicTest.dynamicTest(
                        name(file),
                        () -> new DialoguePlayer(Dialogue.read(file), DialoguePlayer.Cut.NONE, conscrypt).play()));
    }

    private static boolean isUnderTls(Path file) {
        try {
            return Files.readAllLines(file).stream().anyMatch(line -> line.matches("@ tls|@ role submissions"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where commands and contents follow each other without waiting, and where octets look like the end of a content,
    /// every octet is once the first of what arrives next, and it means the same.
    @TestFactory
    Stream<DynamicTest> everyCutOfTheStreamMeansTheSame() throws IOException {
        return files().stream()
                .filter(file -> Set.of("pipelining", "smuggling", "bdat", "binary")
                        .contains(file.getParent().getFileName().toString()))
                .map(file -> DynamicTest.dynamicTest(name(file), () -> playAtEveryCut(Dialogue.read(file))));
    }

    private static void playAtEveryCut(Dialogue dialogue) throws Exception {
        int longest = dialogue.turns().stream()
                .mapToInt(turn -> turn instanceof Dialogue.Turn.Send(byte[] octets) ? octets.length : 0)
                .max()
                .orElse(0);
        assertThat(longest).as("octets to cut").isGreaterThan(1);
        for (int cut = 1; cut < longest; cut++) {
            int at = cut;
            new DialoguePlayer(
                            dialogue,
                            octets -> at < octets.length ? List.of(at, octets.length) : List.of(octets.length))
                    .play();
        }
    }

    /// What the client sends arrives octet by octet, and means the same.
    @TestFactory
    Stream<DynamicTest> everyDialogueGoesAsWrittenWhenItDrips() throws IOException {
        return each(
                files().stream().filter(file -> !isAboutArrivingAtOnce(file)),
                octets -> octets.length > 10_000
                        ? List.of(octets.length)
                        : IntStream.rangeClosed(1, octets.length).boxed().toList());
    }
}
