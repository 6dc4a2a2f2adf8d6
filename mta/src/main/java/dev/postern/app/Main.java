package dev.postern.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
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
        versionProvider = Main.Version.class,
        subcommands = {
            TryCommand.class,
            InitCommand.class,
            RunCommand.class,
            CheckCommand.class,
            QueueCommand.class,
            ExplainCommand.class,
            SendCommand.class,
            SendmailCommand.class,
            UserCommand.class
        })
public final class Main implements Runnable {

    private Main() {}

    /// Runs the command that the arguments name and ends the process with its exit code.
    ///
    /// @param args the words of the command line, without the program's name
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /// The command line with its way to tell failures: one sentence, an exit code, no stack.
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
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

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        return switch (e) {
            case Failure failure -> {
                command.getErr().println("postern: " + failure.getMessage());
                yield failure.exitCode();
            }
            case IOException io -> {
                command.getErr().println("postern: " + IoFault.sentence(io));
                yield Failure.FAILED;
            }
            default -> throw e;
        };
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
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
