package dev.postern.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.BodyType;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Notify;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.smtp.Priority;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.RetMode;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Plays the files under `dialogues`: what is sent above the line of dashes, with what is expected of it, and below
/// it the session as it must be spoken. `C:` is the client, checked to the octet; `S:` the server; before it speaks,
/// the client must have stopped, so the order of the lines tells what travels together. `S! close` closes the
/// connection, `S! wait` waits until the client does.
class DialogueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    static Stream<Path> dialogues() throws URISyntaxException, IOException {
        URL folder = DialogueTest.class.getResource("dialogues");
        assertThat(folder).isNotNull();
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(folder.toURI()))) {
            files = all.sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(10);
        return files.stream();
    }

    /// The file, read.
    private record Dialogue(List<String> head, List<String> script) {
        static Dialogue read(Path file) throws IOException {
            List<String> lines = Files.readAllLines(file);
            int dashes = lines.indexOf("---");
            return new Dialogue(lines.subList(0, dashes), lines.subList(dashes + 1, lines.size()));
        }

        String value(String key, String otherwise) {
            return head.stream()
                    .filter(line -> line.startsWith(key + ": "))
                    .map(line -> line.substring(key.length() + 2))
                    .findFirst()
                    .orElse(otherwise);
        }

        List<String> values(String key) {
            return head.stream()
                    .filter(line -> line.startsWith(key + ": "))
                    .map(line -> line.substring(key.length() + 2))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void isSpokenAsWritten(Path file) throws IOException {
        Dialogue dialogue = Dialogue.read(file);
        CompletableFuture<Void> played = new CompletableFuture<>();
        MemoryConnector connector = new MemoryConnector(_ -> connection -> {
            try {
                play(dialogue.script(), connection);
                played.complete(null);
            } catch (IOException | AssertionError e) {
                played.completeExceptionally(e);
            } finally {
                connection.close();
            }
        });
        SessionPlan plan = dialogue.value("protocol", "smtp").equals("lmtp")
                ? SessionPlan.lmtp(new TlsChoice.None())
                : Post.clear();
        int chunk = Integer.parseInt(dialogue.value("chunk", "65536"));
        try (SmtpClient client = Post.client(connector, Post.patient(chunk), plan)) {
            List<String> results = Post.words(client.send(transmission(dialogue)));
            if (played.isCompletedExceptionally()) {
                played.join();
            }
            assertThat(results).isEqualTo(dialogue.values("expect"));
            assertThat(client.isUsable() ? "usable" : "over").isEqualTo(dialogue.value("session", "usable"));
        }
        played.join();
    }

    private static void play(List<String> script, Connection connection) throws IOException {
        for (String line : script) {
            String words = line.length() > 3 ? line.substring(3) : "";
            switch (line.isEmpty() ? "" : line.substring(0, 2)) {
                case "C:" ->
                    assertThat(connection.readLine(5000, Deadline.after(LONG)).latin1())
                            .isEqualTo(words);
                case "S:" -> {
                    assertThat(connection.buffered())
                            .as("the client ran ahead of: " + line)
                            .isZero();
                    connection.write((words + "\r\n").getBytes(StandardCharsets.UTF_8), Deadline.after(LONG));
                    connection.flush(Deadline.after(LONG));
                }
                case "S!" -> {
                    if (words.equals("close")) {
                        connection.close();
                    } else {
                        awaitEnd(connection);
                    }
                }
                case "" -> {} // an empty line between the steps
                default -> throw new AssertionError("neither C: nor S: " + line);
            }
        }
    }

    private static void awaitEnd(Connection connection) throws IOException {
        try {
            String more = connection.readLine(5000, Deadline.after(LONG)).latin1();
            throw new AssertionError("the client goes on: " + more);
        } catch (EOFException end) {
            return; // what was waited for
        }
    }

    private static Transmission transmission(Dialogue dialogue) {
        String content = String.join("\r\n", dialogue.values("content")) + "\r\n";
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        Optional<RetMode> ret =
                dialogue.values("ret").stream().map(RetMode::valueOf).findFirst();
        Optional<String> envelopeId = dialogue.values("envid").stream().findFirst();
        MailParameters parameters = new MailParameters(
                OptionalLong.empty(),
                BodyType.valueOf(dialogue.value("body", "SEVEN_BIT")),
                dialogue.value("smtputf8", "no").equals("yes"),
                ret,
                envelopeId,
                Optional.empty(),
                new Handling(
                        false,
                        dialogue.values("by").stream().map(DialogueTest::by).findFirst(),
                        Optional.empty(),
                        dialogue.values("priority").stream()
                                .map(value -> new Priority(Integer.parseInt(value)))
                                .findFirst()));
        String header = content.substring(0, Math.max(0, content.indexOf("\r\n\r\n")));
        return new Transmission(
                Post.path(dialogue.value("from", "")),
                parameters,
                dialogue.values("to").stream().map(DialogueTest::recipient).toList(),
                "",
                Content.of(octets),
                new ContentTraits(
                        octets.length,
                        content.chars().anyMatch(c -> c > 127),
                        header.chars().anyMatch(c -> c > 127),
                        content.lines().mapToInt(String::length).max().orElse(0)));
    }

    /// `seconds;mode`, with `T` behind it for a trace.
    private static DeliverBy by(String value) {
        int semicolon = value.indexOf(';');
        return new DeliverBy(
                Long.parseLong(value.substring(0, semicolon)),
                value.charAt(semicolon + 1) == 'R' ? DeliverBy.Mode.RETURN : DeliverBy.Mode.NOTIFY,
                value.endsWith("T"));
    }

    /// An address, perhaps with `notify=…` and `orcpt=…` behind it.
    private static Recipient recipient(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
        Optional<Notify> notifyOn = Optional.empty();
        Optional<OriginalRecipient> original = Optional.empty();
        for (String word : words.subList(1, words.size())) {
            String value = word.substring(word.indexOf('=') + 1);
            if (word.startsWith("notify=")) {
                notifyOn = Optional.of(value.equals("NEVER") ? Notify.never() : new Notify(events(value)));
            } else {
                int semicolon = value.indexOf(';');
                original = Optional.of(
                        new OriginalRecipient(value.substring(0, semicolon), value.substring(semicolon + 1)));
            }
        }
        return new Recipient(Post.mailbox(words.getFirst()), new RcptParameters(notifyOn, original));
    }

    private static java.util.Set<Notify.Event> events(String value) {
        return Stream.of(value.split(",", -1)).map(Notify.Event::valueOf).collect(java.util.stream.Collectors.toSet());
    }
}
