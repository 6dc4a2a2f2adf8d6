package dev.postern.app;

import dev.postern.admin.ControlClient;
import dev.postern.admin.ControlRequest;
import dev.postern.admin.NoServerException;
import dev.postern.app.config.Config;
import dev.postern.app.config.Quantities;
import dev.postern.dns.DomainName;
import dev.postern.mailauth.keys.KeyFile;
import dev.postern.mailauth.keys.KeyFolder;
import dev.postern.mailauth.keys.Rotation;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern dkim rotate`: new keys for domains of ours, which sign once all name servers have their records.
@Command(
        name = "rotate",
        description = {
            "Makes the next keys of domains, prints the records to publish, waits until all their name servers have"
                    + " them, and only then lets them sign.",
            "It may be ended at any time; the same command goes on. Exit code 75: the keys still wait."
        },
        mixinStandardHelpOptions = true)
final class DkimRotateCommand implements Callable<Integer> {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Mixin
    private AuthoritiesOption authorities = new AuthoritiesOption();

    @Parameters(paramLabel = "DOMAIN", arity = "0..*", description = "The domains. Default: all that have keys.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--no-wait", description = "Asks the name servers once.")
    private boolean once;

    @Option(
            names = "--time-out",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "How long to wait, such as 30m. Default: ${DEFAULT-VALUE}.")
    private String timeOut = "";

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Duration longest = Quantities.duration(timeOut)
                .orElseThrow(() ->
                        new Failure(2, "--time-out must be a duration such as 30m or 4h, not \"" + timeOut + "\""));
        Config config = option.read();
        if (!config.signing().dkim()) {
            throw new Failure("dkim below [signing] is false: no key signs anything");
        }
        KeyFolder folder = new KeyFolder(config.signing().folder());
        Set<DomainName> domains = domains(config, folder);
        RotationVoice voice = new RotationVoice(new PrintWriter(System.out, true, StandardCharsets.UTF_8), json);
        try (AuthoritiesOption.Opened opened = authorities.open(config);
                Rotation rotation = Rotation.open(folder, Clock.systemUTC())) {
            RotationRun run = new RotationRun(
                    rotation,
                    opened.publication(),
                    voice,
                    new RotationRun.Aftermath(() -> reload(config), Retirement.of(config)));
            for (DomainName domain : domains) {
                run.begin(domain);
            }
            if (!once) {
                voice.asking(longest);
            }
            rounds(run, Deadline.after(longest));
            if (!run.pending().isEmpty()) {
                throw new Failure(
                        Failure.TEMPORARY,
                        "the next keys of " + words(run.pending())
                                + " wait until all name servers have their records; the same command goes on");
            }
            return 0;
        }
    }

    private void rounds(RotationRun run, Deadline deadline) throws IOException, InterruptedException {
        run.round();
        for (Duration pause = FIRST_PAUSE;
                !once && !run.pending().isEmpty() && !deadline.passed();
                pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE)) {
            Thread.sleep(shorter(pause, deadline.remaining()));
            run.round();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String words(Set<DomainName> domains) {
        return String.join(
                ", ", new TreeSet<>(domains).stream().map(DomainName::text).toList());
    }

    private Set<DomainName> domains(Config config, KeyFolder folder) throws Failure, IOException {
        Set<DomainName> having = new TreeSet<>(folder.waiting());
        folder.active().stream().map(KeyFile::domain).forEach(having::add);
        if (names.isEmpty() && having.isEmpty()) {
            throw new Failure("there are no keys in " + folder.path()
                    + "; name the domains whose first ones are to be made, such as 'postern dkim rotate "
                    + config.domains().local().stream()
                            .findFirst()
                            .map(DomainName::text)
                            .orElse("example.org")
                    + "'");
        }
        Set<DomainName> domains = new TreeSet<>();
        for (String name : names) {
            DomainName domain = DomainName.parse(name)
                    .orElseThrow(() -> new Failure(2, "\"" + name + "\" is not a domain name such as example.org"));
            if (!having.contains(domain) && !isOurs(config, domain)) {
                throw new Failure(domain + " is none of our domains and has no keys in " + folder.path()
                        + "; add it to local below [domains]");
            }
            domains.add(domain);
        }
        return names.isEmpty() ? having : domains;
    }

    private static boolean isOurs(Config config, DomainName domain) {
        return config.domains().local().stream().anyMatch(domain::isWithin)
                || config.relay().domains().stream()
                        .anyMatch(relay -> domain.isWithin(relay.domains().domain()));
    }

    private static boolean reload(Config config) throws IOException {
        try {
            new ControlClient(ConfigOption.controlSocket(config)).call(new ControlRequest("reload", Map.of()), _ -> {});
            return true;
        } catch (NoServerException none) {
            return false; // the next server that starts reads the keys anyway
        }
    }
}
