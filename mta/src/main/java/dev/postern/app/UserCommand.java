package dev.postern.app;

import dev.postern.accounts.Account;
import dev.postern.accounts.AccountSecrets;
import dev.postern.accounts.AccountTable;
import dev.postern.app.config.Config;
import dev.postern.crypto.PrivateFile;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `postern user`: the accounts in the account file. The running server reads it again at SIGHUP.
@Command(
        name = "user",
        description = "Accounts: who has an inbox and who may log in.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UserCommand.Add.class,
            UserCommand.Passwd.class,
            UserCommand.Listing.class,
            UserCommand.Remove.class
        })
final class UserCommand implements Runnable {
    private static final int LEAST_PASSWORD = 8;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec present = java.util.Objects.requireNonNull(spec);
        throw new ParameterException(present.commandLine(), "user needs a command: add, passwd, list or remove");
    }

    private static Mailbox address(String text) throws Failure {
        return AccountTable.inbox(text)
                .orElseThrow(() -> new Failure("\"" + text + "\" is not an address; write name@domain"));
    }

    private static void store(Config config, AccountTable table) throws IOException {
        PrivateFile.write(config.domains().accountFile(), table.toText());
    }

    private static AccountSecrets secrets() throws IOException, Failure {
        return AccountSecrets.make(password(), new SecureRandom())
                .orElseThrow(() -> new Failure("the password has characters that not every keyboard and program sends"
                        + " alike (RFC 4013), such as control characters; nothing was changed"));
    }

    private static String password() throws IOException, Failure {
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        String password;
        if (terminal.isPresent()) {
            password = new String(terminal.get().readPassword("Password: "));
            if (!password.equals(new String(terminal.get().readPassword("Again: ")))) {
                throw new Failure("the two passwords differ; nothing was changed");
            }
        } else {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            password = Optional.ofNullable(in.readLine()).orElse("");
        }
        if (password.length() < LEAST_PASSWORD) {
            throw new Failure("a password must have at least " + LEAST_PASSWORD + " characters; nothing was changed");
        }
        return password;
    }

    /// `postern user add`.
    @Command(
            name = "add",
            description = "Adds an account; the password is asked for, or read from standard input.",
            mixinStandardHelpOptions = true)
    static final class Add implements java.util.concurrent.Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "ADDRESS", description = "The address of the inbox, and the name to log in with.")
        private String text = "";

        @Option(names = "--no-login", description = "Only an inbox: nobody can log in.")
        private boolean noLogin;

        @Option(
                names = "--sender",
                paramLabel = "ADDRESS",
                description = "May also send as this address, or @domain. Repeatable.")
        private List<String> senders = List.of();

        @Override
        public Integer call() throws Exception {
            Config read = config.readForAccounts();
            Mailbox address = address(text);
            if (read.domains().accounts().find(address).isPresent()) {
                throw new Failure(
                        address + " exists already; change its password with 'postern user passwd " + address + "'");
            }
            if (!(address.host() instanceof Host.Domain domain)
                    || !read.domains().local().contains(domain.name())) {
                throw new Failure(address + " is in none of our domains; add \"" + address.host()
                        + "\" to local below [domains]");
            }
            Optional<AccountSecrets> secrets = noLogin ? Optional.empty() : Optional.of(secrets());
            List<String> lower =
                    senders.stream().map(s -> s.toLowerCase(Locale.ROOT)).toList();
            store(read, read.domains().accounts().with(new Account(address, secrets, lower)));
            return 0;
        }
    }

    /// `postern user passwd`.
    @Command(
            name = "passwd",
            description = "Changes a password; it is asked for, or read from standard input.",
            mixinStandardHelpOptions = true)
    static final class Passwd implements java.util.concurrent.Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "ADDRESS", description = "The account.")
        private String text = "";

        @Override
        public Integer call() throws Exception {
            Config read = config.readForAccounts();
            Account account = existing(read, text);
            Account changed = new Account(account.inbox(), Optional.of(secrets()), account.senders());
            store(read, read.domains().accounts().with(changed));
            return 0;
        }
    }

    private static Account existing(Config read, String text) throws Failure {
        Mailbox address = address(text);
        return read.domains()
                .accounts()
                .find(address)
                .orElseThrow(() -> new Failure("there is no account " + address + "; 'postern user list' shows them"));
    }

    /// `postern user list`.
    @Command(name = "list", description = "Lists the accounts.", mixinStandardHelpOptions = true)
    static final class Listing implements java.util.concurrent.Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            for (Account account : config.readForAccounts().domains().accounts().all()) {
                boolean login = account.secrets().isPresent();
                boolean scram = account.secrets().flatMap(AccountSecrets::scram).isPresent();
                if (json) {
                    out.println(Output.json(java.util.Map.of(
                            "address",
                            account.inbox().toString(),
                            "login",
                            login,
                            "scram",
                            scram,
                            "senders",
                            account.senders())));
                } else {
                    out.println(account.inbox()
                            + (login ? scram ? "" : "  (no SCRAM before its password is set again)" : "  (no login)")
                            + (account.senders().isEmpty()
                                    ? ""
                                    : "  sends as " + String.join(", ", account.senders())));
                }
            }
            return 0;
        }
    }

    /// `postern user remove`.
    @Command(
            name = "remove",
            description = "Removes an account; its mail stays on disk.",
            mixinStandardHelpOptions = true)
    static final class Remove implements java.util.concurrent.Callable<Integer> {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "ADDRESS", description = "The account.")
        private String text = "";

        @Override
        public Integer call() throws Exception {
            Config read = config.readForAccounts();
            store(read, read.domains().accounts().without(existing(read, text).inbox()));
            return 0;
        }
    }
}
