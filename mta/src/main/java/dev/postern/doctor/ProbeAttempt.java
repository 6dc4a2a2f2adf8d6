package dev.postern.doctor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a stranger says to a server so that it does what it must not do.
///
/// @param name what it is about
/// @param commands one after the other, without CRLF; octets that cannot be written stand as `\x20`, and {@link #TLS}
///     and {@link #MESSAGE} for more than a command
public record ProbeAttempt(String name, List<String> commands) {
    /// Stands for STARTTLS and the handshake, where the server has it.
    public static final String TLS = "{TLS}";

    /// Stands for DATA, a small message, and its end.
    public static final String MESSAGE = "{MESSAGE}";

    private static final Pattern WORD = Pattern.compile("\\{[a-z]+}");
    private static final String ESCAPE = "\\x";
    private static final int ESCAPED = 4;

    /// @throws IllegalArgumentException if nothing is said
    public ProbeAttempt {
        commands = List.copyOf(commands);
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("an attempt without a command");
        }
    }

    /// Ways in which strangers try to have a server carry mail to `victim`, who is not its own: none may get a 2yz for
    /// a RCPT that names it.
    public static List<ProbeAttempt> ofRelaying() {
        return read("relay-attempts.txt");
    }

    /// Contents, one command each, with what a careless reader takes for the end of data and a second message behind:
    /// none may get more than one reply, and none may be taken.
    public static List<ProbeAttempt> ofSmuggling() {
        return read("smuggling-attempts.txt");
    }

    private static List<ProbeAttempt> read(String resource) {
        try (InputStream in = Objects.requireNonNull(ProbeAttempt.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(ProbeAttempt::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read from the jar", e);
        }
    }

    /// Reads `NAME: COMMAND | COMMAND …`.
    private static ProbeAttempt parse(String line) {
        int colon = line.indexOf(": ");
        return new ProbeAttempt(
                line.substring(0, colon),
                Stream.of(line.substring(colon + 2).split(" \\| ", -1)).toList());
    }

    /// The same with words in braces filled in; empty where one of them is not known.
    ///
    /// @param words what stands for each, such as `{ours}`
    public Optional<ProbeAttempt> filledIn(Map<String, String> words) {
        List<String> filled = new ArrayList<>();
        for (String command : commands) {
            Matcher word = WORD.matcher(command);
            StringBuilder text = new StringBuilder();
            while (word.find()) {
                String meaning = words.get(word.group());
                if (meaning == null) {
                    return Optional.empty();
                }
                word.appendReplacement(text, Matcher.quoteReplacement(meaning));
            }
            word.appendTail(text);
            filled.add(text.toString());
        }
        return Optional.of(new ProbeAttempt(name, filled));
    }

    /// The octets that a command means.
    public static byte[] octets(String command) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = 0;
        while (i < command.length()) {
            if (command.startsWith(ESCAPE, i)) {
                octets.write(Integer.parseInt(command.substring(i + ESCAPE.length(), i + ESCAPED), 16));
                i += ESCAPED;
            } else {
                octets.write(command.charAt(i));
                i++;
            }
        }
        return octets.toByteArray();
    }
}
