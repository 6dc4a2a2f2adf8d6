package dev.postern.app;

import dev.postern.event.IoFault;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/// The command line `postern`.
@Command(
        name = "postern",
        description = "A mail server for ports 25, 465 and 587.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    private Main() {}

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("try", TryCommand::new);
        commands.put("init", InitCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("probe", ProbeCommand::new);
        commands.put("queue", QueueCommand::new);
        commands.put("ban", BanCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("send", SendCommand::new);
        commands.put("sendmail", SendmailCommand::new);
        commands.put("user", UserCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("tls", TlsCommand::new);
        commands.put("spf", SpfCommand::new);
        commands.put("dkim", DkimCommand::new);
        commands.put("dmarc", DmarcCommand::new);
        commands.put("dns", DnsCommand::new);
        commands.put("reports", ReportsCommand::new);
        return commands;
    }

    /// Runs the command that the arguments name and ends the process with its exit code.
    ///
    /// @param args the words of the command line, without the program's name
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.err, true, System.err.charset()), args));
    }

    /// Runs a command as {@link #main} does, and gives its exit code.
    ///
    /// @param err takes what is said about words that make no sense
    static int run(PrintWriter err, String... args) {
        return commandLine(args).setErr(err).execute(args);
    }

    /// The command line with its way to tell failures: one sentence, an exit code, no stack. Where
    /// the first word is a command it knows that one only: to learn them all takes a quarter of a
    /// second.
    private static CommandLine commandLine(String... words) {
        CommandLine line = new CommandLine(new Main());
        Supplier<Object> named = words.length == 0 ? null : COMMANDS.get(words[0]);
        if (named == null) {
            COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
        } else {
            line.addSubcommand(words[0], named.get());
        }
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::wrongWords)
                .setExecutionExceptionHandler(Main::failed);
    }

    private static int wrongWords(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("postern: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try 'postern " + path(e.getCommandLine()) + "--help'.");
        return e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String path(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName(" ");
        return name.equals("postern") ? "" : name.substring("postern ".length()) + " ";
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        return switch (e) {
            case Failure failure -> {
                command.getErr().println("postern: " + failure.getMessage());
                yield failure.exitCode();
            }
            case IOException io -> {
                command.getErr().println("postern: " + IoFault.sentence(io));
                yield Failure.FAILED;
            }
            default -> {
                command.getErr().println("postern: a mistake in the program, please report it: " + e + where(e));
                yield Failure.MISTAKE;
            }
        };
    }

    private static String where(Exception e) {
        return Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.postern."))
                .findFirst()
                .map(frame -> " (at " + frame + ")")
                .orElse("");
    }

    @Override
    public void run() {
        commandLine().usage(System.out);
    }

    /// The version that the build wrote into the jar.
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                    .orElse("(unpackaged)");
            return new String[] {"postern " + version};
        }
    }
}
