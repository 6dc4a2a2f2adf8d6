package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.Repository;
import dev.postern.dns.DomainName;
import dev.postern.message.Stamps;
import dev.postern.smtp.Mailbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each trace field is written in one place, and nothing gets on top of a message that is no header field.
class TraceWritersTest {
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /// A string literal that begins a field, or a line of one; readers compare with a name without the space.
    @ParameterizedTest
    @CsvSource({
        "Received, TraceFields",
        "Delivered-To, InboxCopy TraceFields",
        "Return-Path, InboxCopy",
        "Received-SPF, ReceivedSpf",
        "Authentication-Results, ''",
        "DKIM-Signature, ''",
        "ARC-Seal, ''",
        "X-Original-To, ''",
        "Resent-From, ''",
    })
    void oneClassWritesAField(String field, String writers) throws IOException {
        TreeSet<String> found = new TreeSet<>();
        Pattern writes = Pattern.compile("(?:^|.*\\\\n)" + field + ": .*");
        try (Stream<Path> sources = Files.walk(Repository.root().resolve("mta/src/main/java"))) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher literal = LITERAL.matcher(code(source));
                while (literal.find()) {
                    if (writes.matcher(literal.group(1)).matches()) {
                        found.add(source.getFileName().toString().replace(".java", ""));
                    }
                }
            }
        }
        assertThat(String.join(" ", found)).isEqualTo(writers);
    }

    private static String code(Path source) throws IOException {
        return Files.readString(source)
                .lines()
                .filter(line -> !line.strip().startsWith("//"))
                .reduce("", (a, b) -> a + "\n" + b);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: a\rb\r\n", "X: a\nb\r\n", "X: a\0b\r\n", "X: a\u001bb\r\n", "X: a\u007fb\r\n", "X: a\r\r\n",
                        "X: a\n\r\n",
                "\r\n", "X: a\r\n\r\n", "X: a\r\n\r\nbody\r\n", "X: a", " X: a\r\n", "no field\r\n", ": a\r\n"
            })
    void whatIsNoHeaderFieldDoesNotGetOnTop(String text) {
        Stamps stamps = new Stamps();
        assertThatThrownBy(() -> stamps.add(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(stamps.text()).isEmpty();
    }

    @Test
    void addressBeyondAsciiStandsInUtf8() {
        String field = TraceFields.deliveredTo(Optional.of(Mailbox.of("josé", DomainName.of("example.org"))));
        assertThat(new String(field.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .isEqualTo("Delivered-To: josé@example.org\r\n");
    }
}
