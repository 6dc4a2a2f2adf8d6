package dev.postern.app;

import dev.postern.app.config.Endpoints;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.event.Events;
import dev.postern.message.MailDate;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReversePath;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.DialogueListener;
import dev.postern.smtpclient.Login;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.RecipientResult;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.smtpclient.Step;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.smtpclient.Transmission;
import dev.postern.tls.CertificateCheck;
import dev.postern.tls.ClientTls;
import dev.postern.tls.PkixCheck;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern send`: a test client that shows the dialogue.
@Command(
        name = "send",
        description = "Sends a test message to one server and shows the dialogue.",
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = "--server",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "The server: a name, an address, or unix:PATH. Port: 25.")
    private String server = "";

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            defaultValue = "<>",
            description = "The reverse-path. Default: none.")
    private String from = "<>";

    @Parameters(paramLabel = "ADDRESS", arity = "1..*", description = "Recipients.")
    private List<String> to = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The message; - for standard input. Default: a short one is made up.")
    private @Nullable Path file;

    @Option(
            names = "--tls",
            paramLabel = "MODE",
            defaultValue = "opportunistic",
            description = "none, opportunistic, starttls, implicit. Default: ${DEFAULT-VALUE}.")
    private String tls = "opportunistic";

    @Option(names = "--verify", description = "The server's certificate must be valid for its name.")
    private boolean verify;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Logs in; the password is in the environment variable POSTERN_PASSWORD.")
    private @Nullable String user;

    @Option(names = "--lmtp", description = "Speaks LMTP.")
    private boolean lmtp;

    @Option(
            names = "--helo",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "Our name. Default: ${DEFAULT-VALUE}.")
    private String helo = "localhost";

    @Mixin
    private DnsOption dns = new DnsOption();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        ReversePath sender = from.equals("<>") || from.isEmpty() ? new NullPath() : mailbox(from);
        List<Recipient> recipients = new ArrayList<>();
        for (String address : to) {
            recipients.add(Recipient.of(mailbox(address)));
        }
        Target target = target();
        SessionOpener opener = new SessionOpener(
                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                ClientSettings.standard(helo),
                Events.none());
        try (OutgoingMail mail = mail(sender)) {
            return switch (opener.open(target.endpoint(), plan(target), Deadline.after(PATIENCE), new Shown(out))) {
                case Opening.Failed failed -> {
                    out.println("-- not sent: " + failed.status() + " " + failed.why());
                    yield Failure.FAILED;
                }
                case Opening.Ready(SmtpClient client) -> {
                    try (client) {
                        yield report(out, recipients, client.send(transmission(sender, recipients, mail)));
                    }
                }
            };
        }
    }

    private static Transmission transmission(ReversePath sender, List<Recipient> recipients, OutgoingMail mail) {
        MailParameters parameters =
                MailParameters.none().withBody(mail.traits().eightBit() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT);
        return new Transmission(sender, parameters, recipients, "", mail, mail.traits());
    }

    /// What came of it, for people.
    static String words(RecipientResult result) {
        return switch (result) {
            case RecipientResult.Taken(Reply reply) -> "taken: " + reply;
            case RecipientResult.Refused(Step step, Reply reply) ->
                "refused in reply to " + step.words() + ": " + reply;
            case RecipientResult.Unfit(EnhancedStatus status, String why) -> "not sent: " + status + " " + why;
            case RecipientResult.Unprotected(EnhancedStatus status, String why) -> "not sent: " + status + " " + why;
            case RecipientResult.Unanswered(Step step, String why, boolean contentSent) ->
                "no answer to " + step.words() + ": " + why
                        + (contentSent ? "; it may have been taken all the same" : "");
            case RecipientResult.Unreadable(String why) -> "not sent: " + why;
        };
    }

    private static int report(PrintWriter out, List<Recipient> recipients, List<RecipientResult> results) {
        int code = 0;
        for (int i = 0; i < results.size(); i++) {
            out.println("-- " + recipients.get(i).path() + ": " + words(results.get(i)));
            if (!(results.get(i) instanceof RecipientResult.Taken)) {
                code = Failure.FAILED;
            }
        }
        return code;
    }

    private SessionPlan plan(Target target) throws Failure, IOException {
        ClientTls client = new ClientTls(TlsProvider.best(), List.of());
        CertificateCheck check = verify
                ? new PkixCheck(client.roots(), List.of(target.name()), InstantSource.system())
                : CertificateCheck.none();
        TlsUpgrade upgrade = client.checked(target.name(), check);
        TlsChoice choice = switch (tls) {
            case "none" -> new TlsChoice.None();
            case "opportunistic" -> new TlsChoice.Opportunistic(upgrade);
            case "starttls" -> new TlsChoice.Required(upgrade);
            case "implicit" -> new TlsChoice.Implicit(upgrade);
            default ->
                throw new Failure(2, "--tls must be none, opportunistic, starttls or implicit, not \"" + tls + "\"");
        };
        Optional<Login> login = Optional.empty();
        if (user != null) {
            String password = System.getenv("POSTERN_PASSWORD");
            if (password == null) {
                throw new Failure(2, "--user needs the password in the environment variable POSTERN_PASSWORD");
            }
            login = Optional.of(new Login(user, password, verify));
        }
        return new SessionPlan(
                lmtp ? Dialect.Protocol.LMTP : Dialect.Protocol.SMTP,
                choice,
                verify ? SessionPlan.Proof.NAMED : SessionPlan.Proof.NONE,
                login);
    }

    /// Where the server is and what its certificate should say.
    private record Target(Endpoint endpoint, String name) {}

    private Target target() throws Failure, IOException {
        if (server.startsWith("unix:")) {
            return new Target(new Endpoint.Unix(Path.of(server.substring("unix:".length()))), "localhost");
        }
        Endpoints.HostAndPort parsed = Endpoints.hostAndPort(server, 25)
                .orElseThrow(() -> new Failure(2, "\"" + server + "\" is not a host with or without a port"));
        return switch (parsed.host()) {
            case Host.AddressLiteral literal ->
                new Target(
                        new Endpoint.Inet(literal.address(), parsed.port()),
                        literal.address().getHostAddress());
            case Host.Domain domain -> {
                try (DnsOption.Opened opened = dns.open()) {
                    InetAddress address = address(opened.resolver(), domain);
                    yield new Target(
                            new Endpoint.Inet(address, parsed.port()),
                            domain.name().text());
                }
            }
        };
    }

    private static InetAddress address(Resolver resolver, Host.Domain domain) throws Failure {
        var v4 = resolver.resolve(domain.name(), RecordType.A).recordsOrNone();
        if (!v4.isEmpty()) {
            return v4.getFirst();
        }
        var v6 = resolver.resolve(domain.name(), RecordType.AAAA).recordsOrNone();
        if (!v6.isEmpty()) {
            return v6.getFirst();
        }
        throw new Failure(domain.name() + " has no address");
    }

    private OutgoingMail mail(ReversePath sender) throws IOException, Failure {
        if (file == null) {
            Clock clock = Clock.systemUTC();
            String text = "From: <" + sender + ">\nTo: <" + to.getFirst() + ">\nSubject: Test\nDate: "
                    + MailDate.format(clock.instant()) + "\nMessage-ID: <" + clock.millis() + "@" + helo
                    + ">\n\nThis is a test of the mail system.\n";
            return OutgoingMail.of(text.lines()
                    .map(line -> line.getBytes(StandardCharsets.UTF_8))
                    .toList());
        }
        if (file.toString().equals("-")) {
            return OutgoingMail.of(new InputLines(System.in));
        }
        if (!Files.isReadable(file)) {
            throw new Failure(2, file + " cannot be read");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return OutgoingMail.of(new InputLines(in));
        }
    }

    private static Mailbox mailbox(String text) throws Failure {
        return Mailbox.parse(text).orElseThrow(() -> new Failure(2, "\"" + text + "\" is not an address"));
    }

    /// Prints a dialogue as it is spoken.
    private record Shown(PrintWriter out) implements DialogueListener {
        @Override
        public void sent(String line) {
            out.println("C: " + line);
        }

        @Override
        public void received(String line) {
            out.println("S: " + line);
        }

        @Override
        public void noted(String what) {
            out.println("-- " + what);
        }
    }
}
