package dev.postern.app;

import dev.postern.admin.ControlRequest;
import dev.postern.app.config.Quantities;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// A command that changes the messages named by ids, or all that a filter means; these by a job of the
/// server, which goes on when this command is broken off.
abstract class QueueChange implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Mixin
    private QueueCommand.Filter filter = new QueueCommand.Filter();

    @Parameters(paramLabel = "ID", arity = "0..*", description = "Queue ids.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "Every message in the queue.")
    private boolean all;

    @Option(names = "--detach", description = "With a filter: does not wait for the end; see 'postern queue jobs'.")
    private boolean detach;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    private final String command;
    private final String done;

    /// @param command its name
    /// @param done what becomes of the messages, in words
    QueueChange(String command, String done) {
        this.command = command;
        this.done = done;
    }

    /// Adds what this command takes besides.
    ///
    /// @throws Failure with a sentence, if that is wrong
    void add(Map<String, String> arguments) throws Failure {}

    /// Makes sure that all messages that a filter means are really meant.
    void confirm() throws Failure {}

    @Override
    public Integer call() throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Map<String, String> arguments = filter.arguments();
        if (ids.isEmpty() && arguments.isEmpty() && !all) {
            throw new Failure(2, "which messages? Name ids, a filter such as --to example.org, or --all");
        }
        if (!ids.isEmpty() && (!arguments.isEmpty() || all)) {
            throw new Failure(2, "name either ids or a filter, not both");
        }
        add(arguments);
        if (ids.isEmpty()) {
            confirm();
            if (detach) {
                arguments.put("detach", "1");
            }
        } else {
            arguments.put("ids", String.join(",", ids));
        }
        config.control().call(new ControlRequest("queue-" + command, arguments), node -> {
            if (node.has("progress")) {
                System.err.println(QueueJobCommands.line(node));
            } else {
                out.println(json ? node.toString() : told(node));
            }
        });
        return 0;
    }

    private String told(JsonNode node) {
        return detach ? QueueJobCommands.line(node) : changed(node);
    }

    private String changed(JsonNode node) {
        boolean isCut = node.has("state") && !node.get("state").asString().equals("done");
        return node.get("changed").asString() + " message(s) " + done
                + unless0(node.get("busy").asString(), "being delivered just now, try again")
                + unless0(node.get("held").asString(), "held, release first")
                + (isCut
                        ? "; job " + node.get("job").asString() + " "
                                + node.get("state").asString()
                        : "");
    }

    private static String unless0(String count, String what) {
        return count.equals("0") ? "" : "; " + count + " " + what;
    }

    /// Asks at a terminal whether all messages that a filter means are meant.
    ///
    /// @param what happens to them
    private static void ask(boolean yes, String what) throws Failure {
        if (yes) {
            return;
        }
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        String answer = terminal.map(console -> console.readLine("This %s. Go on? [y/N] ", what))
                .orElse("");
        if (!answer.strip().equalsIgnoreCase("y")) {
            throw new Failure(
                    2,
                    "nothing was done: this " + what
                            + "; look with 'postern queue list' and the same filter, then add --yes");
        }
    }

    /// `postern queue retry`.
    @Command(name = "retry", description = "Tries now.", mixinStandardHelpOptions = true)
    static final class Retry extends QueueChange {
        Retry() {
            super("retry", "are tried now");
        }
    }

    /// `postern queue hold`.
    @Command(name = "hold", description = "Keeps from being tried until released.", mixinStandardHelpOptions = true)
    static final class Hold extends QueueChange {
        Hold() {
            super("hold", "held");
        }
    }

    /// `postern queue release`.
    @Command(
            name = "release",
            description = "Releases what is held, or is to leave later.",
            mixinStandardHelpOptions = true)
    static final class Release extends QueueChange {
        Release() {
            super("release", "released");
        }
    }

    /// `postern queue move`.
    @Command(
            name = "move",
            description = "Sends through another host instead of the usual next hop, and tries that now.",
            mixinStandardHelpOptions = true)
    static final class Move extends QueueChange {
        @Option(names = "--via", paramLabel = "HOST[:PORT]", description = "The host; port 25 if none is given.")
        private @Nullable String via;

        @Option(names = "--back", description = "By the usual way again.")
        private boolean back;

        @Option(
                names = "--tls",
                paramLabel = "MODE",
                defaultValue = "starttls",
                description = "starttls: with a certificate that proves the host; opportunistic: where it is offered."
                        + " Default: ${DEFAULT-VALUE}.")
        private String tls = "";

        Move() {
            super("move", "moved");
        }

        @Override
        void add(Map<String, String> arguments) throws Failure {
            if ((via == null) != back) {
                throw new Failure(2, "where to? Name a host with --via, or go back to the usual way with --back");
            }
            if (!List.of("starttls", "opportunistic").contains(tls)) {
                throw new Failure(2, "--tls must be starttls or opportunistic, not \"" + tls + "\"");
            }
            if (via != null) {
                arguments.put("via", via);
                arguments.put("tls", tls);
            }
        }
    }

    /// `postern queue expire`.
    @Command(
            name = "expire",
            description = "Gives up at another time than usual: there is a last attempt then, and the sender is told.",
            mixinStandardHelpOptions = true)
    static final class Expire extends QueueChange {
        @Option(names = "--in", paramLabel = "TIME", description = "So long from now on, such as 2h or 7d.")
        private @Nullable String in;

        @Option(names = "--at", paramLabel = "INSTANT", description = "Then, such as 2026-06-01T12:00:00Z.")
        private @Nullable String at;

        @Option(names = "--usual", description = "At the usual time again.")
        private boolean usual;

        Expire() {
            super("expire", "given another end");
        }

        @Override
        void add(Map<String, String> arguments) throws Failure {
            if ((in == null ? 0 : 1) + (at == null ? 0 : 1) + (usual ? 1 : 0) != 1) {
                throw new Failure(2, "when? Name one of --in, --at and --usual");
            }
            if (in != null) {
                Duration time = Quantities.duration(in)
                        .orElseThrow(
                                () -> new Failure(2, "--in must be a duration such as 30m or 4h, not \"" + in + "\""));
                arguments.put("end", Instant.now().plus(time).toString());
            }
            if (at != null) {
                arguments.put("end", instant(at));
            }
        }

        private static String instant(String text) throws Failure {
            try {
                return Instant.parse(text).toString();
            } catch (DateTimeException e) {
                throw new Failure(2, "--at must be a time such as 2026-06-01T12:00:00Z, not \"" + text + "\"");
            }
        }
    }

    /// `postern queue remove`.
    @Command(name = "remove", description = "Removes without telling the sender.", mixinStandardHelpOptions = true)
    static final class Remove extends QueueChange {
        @Option(names = "--yes", description = "With a filter or --all: without asking.")
        private boolean yes;

        Remove() {
            super("remove", "removed");
        }

        @Override
        void confirm() throws Failure {
            ask(yes, "removes every message that is meant, and nobody is told");
        }
    }

    /// `postern queue bounce`.
    @Command(name = "bounce", description = "Gives up and tells the sender.", mixinStandardHelpOptions = true)
    static final class Bounce extends QueueChange {
        @Option(names = "--yes", description = "With a filter or --all: without asking.")
        private boolean yes;

        @Option(names = "--why", paramLabel = "TEXT", description = "The sentence that the sender is told.")
        private @Nullable String why;

        Bounce() {
            super("bounce", "bounced");
        }

        @Override
        void add(Map<String, String> arguments) throws Failure {
            if (why == null) {
                return;
            }
            if (why.isBlank() || why.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new Failure(2, "--why must be a sentence of printable characters of ASCII");
            }
            arguments.put("why", why);
        }

        @Override
        void confirm() throws Failure {
            ask(yes, "gives up every message that is meant, and tells their senders");
        }
    }
}
