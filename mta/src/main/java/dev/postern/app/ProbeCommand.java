package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.app.config.Endpoints;
import dev.postern.doctor.ProbeAttempt;
import dev.postern.doctor.ProbeResult;
import dev.postern.doctor.ProbeTarget;
import dev.postern.doctor.Prober;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.NetworkSet;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Endpoint;
import java.io.PrintWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `postern probe`: tries to relay and to smuggle through the listeners of a running server.
@Command(
        name = "probe",
        description = "Tries to relay, to smuggle and to inject through the listeners of a running server, ours or"
                + " another. A server that stands firm delivers nothing of it.",
        mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int SMTP = 25;

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Option(
            names = "--server",
            paramLabel = "ADDRESS[:PORT]",
            description = "Another server's port for mail from other servers. Default: every listener of the"
                    + " configuration.")
    private @Nullable String server;

    @Option(
            names = "--inbox",
            paramLabel = "ADDRESS",
            description = "An inbox of that server, which gets what it takes for mail. Needed with --server.")
    private @Nullable String inbox;

    @Option(names = "--json", description = "One JSON object for each listener.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Subject subject = server == null ? ours(option.read()) : other(server, inbox);
        Prober prober = new Prober(
                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                new ClientTls(TlsProvider.best(), List.of()),
                subject.words(),
                PATIENCE);
        boolean firm = true;
        List<String> untried = new ArrayList<>();
        for (ProbeTarget target : subject.targets()) {
            Findings findings = probe(prober, subject, target);
            if (json) {
                out.println(Output.json(findings.json(target)));
            } else {
                findings.lines(target).forEach(out::println);
            }
            firm &= findings.gaveIn().isEmpty();
            if (findings.withstood() == 0 && findings.gaveIn().isEmpty()) {
                untried.add(target.toString());
            }
        }
        if (firm && untried.size() == subject.targets().size()) {
            throw new Failure("no listener could be probed: does the server run, and does it let us in?");
        }
        if (firm && !untried.isEmpty()) {
            throw new Failure("nothing could be tried at " + String.join(", ", untried));
        }
        return firm ? 0 : Failure.FAILED;
    }

    /// What is probed.
    ///
    /// @param words what stands for the words of attempts
    /// @param trusted who may relay there
    private record Subject(List<ProbeTarget> targets, Map<String, String> words, NetworkSet trusted) {}

    private static Subject ours(Config config) throws Failure {
        List<ProbeTarget> targets = new ArrayList<>();
        add(targets, ListenerRole.MX, config.listen().mx());
        add(targets, ListenerRole.SUBMISSION, config.listen().submission());
        add(targets, ListenerRole.SUBMISSIONS, config.listen().submissions());
        add(targets, ListenerRole.LMTP, config.listen().lmtp());
        if (config.domains().local().isEmpty()) {
            throw new Failure("there is no domain of ours to write to");
        }
        Mailbox postmaster = Mailbox.of("postmaster", config.domains().local().getFirst());
        Map<String, String> words = words(postmaster, config.hostname().text());
        config.relay().domains().stream()
                .findFirst()
                .ifPresent(relayed ->
                        words.put("{relayed}", relayed.domains().toString().replaceFirst("^\\*?\\.", "sub.")));
        return new Subject(targets, words, config.relay().networks());
    }

    private static void add(List<ProbeTarget> targets, ListenerRole role, List<Endpoint> addresses) {
        addresses.forEach(address -> targets.add(new ProbeTarget(role, reachable(address))));
    }

    /// Where a listener on every address of the machine can be reached.
    private static Endpoint reachable(Endpoint listening) {
        return listening instanceof Endpoint.Inet(InetAddress address, int port) && address.isAnyLocalAddress()
                ? new Endpoint.Inet(InetAddress.ofLiteral(address instanceof Inet6Address ? "::1" : "127.0.0.1"), port)
                : listening;
    }

    private static Subject other(String server, @Nullable String inbox) throws Failure {
        Endpoints.HostAndPort parsed = Endpoints.hostAndPort(server, SMTP)
                .filter(one -> one.host() instanceof Host.AddressLiteral)
                .orElseThrow(() -> new Failure(2, "--server must be an address, with or without a port"));
        Mailbox mailbox = Optional.ofNullable(inbox)
                .flatMap(Mailbox::parse)
                .orElseThrow(() -> new Failure(2, "--server needs --inbox, an address that it takes mail for"));
        InetAddress address = ((Host.AddressLiteral) parsed.host()).address();
        return new Subject(
                List.of(new ProbeTarget(ListenerRole.MX, new Endpoint.Inet(address, parsed.port()))),
                words(mailbox, mailbox.host().toString()),
                new NetworkSet(List.of()));
    }

    private static Map<String, String> words(Mailbox inbox, String hostname) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("{inbox}", inbox.toString());
        words.put("{ours}", inbox.host().toString());
        words.put("{host}", hostname);
        words.put("{there}", "probe.invalid");
        return words;
    }

    private static Findings probe(Prober prober, Subject subject, ProbeTarget target) {
        Findings findings = new Findings();
        if (target.at() instanceof Endpoint.Inet inet && subject.trusted().contains(inet.address())) {
            findings.passOver(
                    "relay attempts: this machine is in relay.networks, so that it may; probe from elsewhere");
        } else {
            for (ProbeAttempt attempt : ProbeAttempt.ofRelaying()) {
                findings.add(attempt.name(), () -> prober.relay(target, attempt));
            }
        }
        for (ProbeAttempt attempt : ProbeAttempt.ofSmuggling()) {
            findings.add("smuggling by " + attempt.name(), () -> prober.smuggle(target, attempt));
        }
        findings.add("a command behind STARTTLS", () -> prober.inject(target));
        return findings;
    }

    /// What came of all attempts at one listener.
    private static final class Findings {
        private final Map<String, ProbeResult.GaveIn> gaveIn = new LinkedHashMap<>();
        private final Map<String, Integer> notTried = new LinkedHashMap<>();
        private int withstood;

        void add(String name, Supplier<ProbeResult> attempt) {
            switch (attempt.get()) {
                case ProbeResult.Withstood _ -> withstood++;
                case ProbeResult.GaveIn weakness -> gaveIn.put(name, weakness);
                case ProbeResult.NotTried(String why) -> passOver(why);
            }
        }

        void passOver(String why) {
            notTried.merge(why, 1, Integer::sum);
        }

        Map<String, ProbeResult.GaveIn> gaveIn() {
            return gaveIn;
        }

        int withstood() {
            return withstood;
        }

        List<String> lines(ProbeTarget target) {
            List<String> lines = new ArrayList<>();
            lines.add(target + ": " + withstood + " attempts withstood, " + gaveIn.size() + " gave in");
            notTried.forEach((why, times) -> lines.add("  not tried (" + times + "): " + why));
            gaveIn.forEach((name, weakness) -> {
                lines.add("  WEAK: " + name + ": " + weakness.why());
                weakness.dialogue().forEach(line -> lines.add("    " + line));
            });
            return lines;
        }

        Map<String, Object> json(ProbeTarget target) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("role", target.role().label());
            all.put("at", target.at().toString());
            all.put("withstood", withstood);
            all.put("not-tried", notTried);
            Map<String, Object> weak = new LinkedHashMap<>();
            gaveIn.forEach(
                    (name, weakness) -> weak.put(name, Map.of("why", weakness.why(), "dialogue", weakness.dialogue())));
            all.put("gave-in", weak);
            return all;
        }
    }
}
