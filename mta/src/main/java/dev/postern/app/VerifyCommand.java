package dev.postern.app;

import dev.postern.dns.DomainName;
import dev.postern.policy.AuthenticationPolicy;
import dev.postern.policy.AuthenticationReport;
import dev.postern.policy.AuthenticationSettings;
import dev.postern.policy.NetworkSet;
import dev.postern.policy.SenderAuthentication;
import dev.postern.policy.Verdict;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReversePath;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern verify`: in whose name a message in a file comes, and what a server would do with it.
@Command(
        name = "verify",
        description = "Checks the sender of a message in a file as our mx would: SPF, DKIM, DMARC, ARC and iprev.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    /// Within how many octets the end of the first line is looked for.
    private static final int FIRST_LINE = 1 << 16;

    @Parameters(paramLabel = "FILE", description = "The message; - for standard input.")
    private Path file = Path.of("-");

    @Option(names = "--ip", required = true, paramLabel = "ADDRESS", description = "The client that brought it.")
    private String ip = "";

    @Option(names = "--helo", paramLabel = "NAME", defaultValue = "", description = "The name that it gave.")
    private String helo = "";

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            defaultValue = "<>",
            description = "The reverse-path. Default: none.")
    private String from = "<>";

    @Option(
            names = "--hostname",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "The name of the server that checks. Default: ${DEFAULT-VALUE}.")
    private String hostname = "localhost";

    @Mixin
    private DnsOption dns = new DnsOption();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        DomainName receiver = DomainName.parse(hostname)
                .orElseThrow(() -> new Failure(2, "\"" + hostname + "\" is not a domain name"));
        SenderAuthentication.Bearer bearer = new SenderAuthentication.Bearer(address(), helo, sender());
        try (DnsOption.Opened opened = dns.open();
                InputStream in = open();
                OutgoingMail mail = read(in)) {
            AuthenticationReport report = new SenderAuthentication(
                            opened.resolver(), receiver, Clock.systemUTC(), Optional.empty())
                    .check(bearer, mail);
            Verdict verdict = mail.unfit()
                    .map(why -> unfit(why, report))
                    .orElseGet(() -> AuthenticationPolicy.judge(settings(receiver), report));
            tell(report, verdict, report.results(receiver).field(false).text());
            return verdict instanceof Verdict.Permission ? 0 : Failure.FAILED;
        }
    }

    private static AuthenticationSettings settings(DomainName receiver) {
        return new AuthenticationSettings(
                receiver, true, AuthenticationSettings.Quarantine.MARK, false, new NetworkSet(List.of()), Set.of());
    }

    private InetAddress address() throws Failure {
        try {
            return InetAddress.ofLiteral(ip);
        } catch (IllegalArgumentException e) {
            throw new Failure(2, "--ip must be an address such as 192.0.2.1, not \"" + ip + "\"");
        }
    }

    private ReversePath sender() throws Failure {
        return from.isEmpty() || from.equals("<>")
                ? new NullPath()
                : Mailbox.parse(from).orElseThrow(() -> new Failure(2, "\"" + from + "\" is not an address"));
    }

    /// What the door answers before anything is checked.
    private static Verdict unfit(String why, AuthenticationReport report) {
        return new Verdict.Reject("content", why, report.inputs(), Reply.of(550, "5.6.0", why));
    }

    /// A message whose lines end with LF, as files have them, gets CRLF; one with CRLF is taken as it is.
    private static OutgoingMail read(InputStream in) throws IOException {
        BufferedInputStream all = new BufferedInputStream(in, FIRST_LINE);
        all.mark(FIRST_LINE);
        byte[] begin = all.readNBytes(FIRST_LINE);
        all.reset();
        boolean crLf = false;
        for (int i = 1; i < begin.length && begin[i - 1] != '\n'; i++) {
            crLf = begin[i - 1] == '\r' && begin[i] == '\n';
        }
        return crLf ? OutgoingMail.of(all) : OutgoingMail.of(new InputLines(all));
    }

    private InputStream open() throws Failure, IOException {
        if (Files.isDirectory(file)) {
            throw new Failure(file + " is a folder, not a message");
        }
        return file.equals(Path.of("-")) ? System.in : Files.newInputStream(file);
    }

    private void tell(AuthenticationReport report, Verdict verdict, String field) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>(report.inputs());
            all.put("dns", report.evidence().stream().map(Object::toString).toList());
            all.put("field", field);
            all.put("verdict", verdict.word());
            all.put("why", verdict.why());
            out.println(Output.json(all));
            return;
        }
        Map<String, String> found = report.inputs();
        found.remove("dns");
        found.forEach((name, value) -> out.printf("%-13s %s%n", name, Output.shown(value)));
        out.println();
        out.println("verdict       " + verdict.word() + ": " + verdict.why());
        if (verdict instanceof Verdict.Refusal refusal) {
            out.println("reply         " + refusal.reply());
        }
        out.println();
        out.println(field.replace("\r\n", "\n"));
        out.println();
        out.println("DNS:");
        report.evidence().forEach(seen -> out.println("  " + seen));
    }
}
