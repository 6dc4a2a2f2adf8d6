package dev.postern.app.config;

import dev.postern.transport.InboxPath;
import dev.postern.transport.PipeCommand;
import dev.postern.transport.PipeSettings;
import dev.postern.wire.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The section `[inboxes]`: how mail gets into inboxes.
final class InboxesSection {
    private InboxesSection() {}

    /// Reads it.
    ///
    /// @param folder where relative paths begin
    static Config.Inboxes read(Section section, Path folder) {
        String by = section.choice("by", "maildir", List.of("maildir", "lmtp", "pipe"));
        Path root = section.string("root").map(folder::resolve).orElse(folder.resolve("mail"));
        String template = section.string("path").orElse("{domain}/{local}");
        Optional<Endpoint> server = section.parsed(
                "server", "an address and a port, or \"unix:PATH\"", text -> Endpoints.any(text, folder));
        List<String> command = section.strings("command");
        Duration timeOut = section.duration("time-out", Duration.ofMinutes(5));
        section.finish();
        return switch (by) {
            case "lmtp" -> {
                if (server.isEmpty()) {
                    section.fault("by", "inboxes by lmtp need \"server\", such as server = \"unix:/run/dovecot/lmtp\"");
                }
                yield new Config.Inboxes.Lmtp(server.orElseGet(() -> new Endpoint.Unix(root)));
            }
            case "pipe" -> pipe(section, command, timeOut);
            default -> maildir(section, root, template);
        };
    }

    private static Config.Inboxes pipe(Section section, List<String> command, Duration timeOut) {
        if (command.isEmpty()) {
            section.fault(
                    "by",
                    "inboxes by pipe need \"command\", a program with its full path and arguments, such as"
                            + " command = [\"/usr/bin/maildrop\", \"-d\", \"{local}\"]");
        } else {
            try {
                return new Config.Inboxes.Pipe(new PipeSettings(PipeCommand.parse(command), timeOut));
            } catch (IllegalArgumentException e) {
                section.fault("command", "\"inboxes.command\": " + e.getMessage());
            }
        }
        return new Config.Inboxes.Pipe(
                new PipeSettings(PipeCommand.parse(List.of("/bin/false")), Duration.ofMinutes(1)));
    }

    private static Config.Inboxes maildir(Section section, Path root, String template) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            return new Config.Inboxes.Maildir(InboxPath.parse(absolute + "/" + template));
        } catch (IllegalArgumentException e) {
            section.fault("path", "\"inboxes.path\": " + e.getMessage());
            return new Config.Inboxes.Maildir(InboxPath.parse(absolute + "/{domain}/{local}"));
        }
    }
}
