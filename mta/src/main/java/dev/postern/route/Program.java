package dev.postern.route;

import dev.postern.crypto.Sha256;
import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.Locale;

/// A program that an alias hands messages to; it is started with its argument list as it is, never through a shell.
///
/// @param command the absolute path of the program, then its arguments
public record Program(List<String> command) {
    private static final int HASH_OCTETS = 4;
    private static final int MAX_NAME = 40;

    /// @throws IllegalArgumentException if there is no absolute path, or a control character somewhere
    public Program {
        command = List.copyOf(command);
        if (command.isEmpty() || !command.getFirst().startsWith("/")) {
            throw new IllegalArgumentException("a program is an absolute path: " + command);
        }
        if (command.stream().anyMatch(word -> word.chars().anyMatch(Character::isISOControl))) {
            throw new IllegalArgumentException("a control character in a command");
        }
    }

    /// A name that is the same for the same command in every configuration: `ticket-0a1b2c3d` for `/usr/bin/ticket
    /// --new`.
    public String name() {
        String path = command.getFirst();
        String file = path.substring(path.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        return file.substring(0, Math.min(MAX_NAME, file.length())) + "-" + hash();
    }

    /// The name of the transport that starts it: `pipe:ticket-0a1b2c3d`.
    public String transport() {
        return "pipe:" + name();
    }

    /// The address under which it waits in the queue; nobody outside can write to it.
    Mailbox address(DomainName domain) {
        return Mailbox.of("|" + name(), domain);
    }

    private String hash() {
        return Sha256.name(String.join("\n", command), HASH_OCTETS);
    }
}
