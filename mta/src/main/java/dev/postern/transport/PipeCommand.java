package dev.postern.transport;

import dev.postern.smtp.Mailbox;
import dev.postern.smtp.ReversePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A program and its arguments, some of which stand for parts of the envelope; never given to a shell.
///
/// An argument is either literal or one placeholder as a whole: `{recipient}` `{sender}` `{local}` `{domain}`
/// `{detail}`. A value that begins
/// with a hyphen could be taken for an option: it is only passed behind an argument `--`, where by convention no
/// option can stand.
public final class PipeCommand {
    private static final Set<String> PLACEHOLDERS =
            Set.of("{recipient}", "{sender}", "{local}", "{domain}", "{detail}");

    private final List<String> arguments;

    private PipeCommand(List<String> arguments) {
        this.arguments = arguments;
    }

    /// Reads a list of arguments, the program first.
    ///
    /// @throws IllegalArgumentException with a sentence for the administrator if it is none
    public static PipeCommand parse(List<String> arguments) {
        if (arguments.isEmpty() || !Path.of(arguments.getFirst()).isAbsolute()) {
            throw new IllegalArgumentException("the program of a pipe must be named by its absolute path");
        }
        for (String argument : arguments) {
            if (argument.indexOf(0) >= 0) {
                throw new IllegalArgumentException("an argument of a pipe must not hold a NUL");
            }
            boolean placeholder = PLACEHOLDERS.contains(argument);
            if (!placeholder && argument.startsWith("{") && argument.endsWith("}")) {
                throw new IllegalArgumentException(argument
                        + " is unknown; a pipe may have {recipient}, {sender}, {local}, {domain} and {detail}");
            }
            if (!placeholder && PLACEHOLDERS.stream().anyMatch(argument::contains)) {
                throw new IllegalArgumentException(
                        "a placeholder must be an argument of its own, not a part of one: " + argument);
            }
        }
        return new PipeCommand(List.copyOf(arguments));
    }

    /// The program's path.
    public String program() {
        return arguments.getFirst();
    }

    /// The arguments for one delivery; empty if a value could be taken for an option.
    ///
    /// @param sender the reverse-path; the null path is given as an empty argument
    /// @param inbox whom it is for
    /// @param detail the subaddress, an empty argument where there is none
    public Optional<List<String>> fill(ReversePath sender, Mailbox inbox, Optional<String> detail) {
        List<String> filled = new ArrayList<>(arguments.size());
        boolean optionsEnded = false;
        for (String argument : arguments) {
            boolean placeholder = PLACEHOLDERS.contains(argument);
            String value = switch (argument) {
                case "{recipient}" -> inbox.toString();
                case "{sender}" -> sender.toString();
                case "{local}" -> inbox.localPart().value();
                case "{domain}" -> inbox.host().toString();
                case "{detail}" -> detail.orElse("");
                default -> argument;
            };
            if (placeholder && !optionsEnded && value.startsWith("-")) {
                return Optional.empty();
            }
            optionsEnded |= argument.equals("--");
            filled.add(value);
        }
        return Optional.of(filled);
    }

    @Override
    public String toString() {
        return String.join(" ", arguments);
    }
}
