package dev.postern.app;

import dev.postern.app.config.Endpoints;
import dev.postern.crypto.Pem;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.event.Events;
import dev.postern.route.ExchangerSettings;
import dev.postern.route.MailExchangers;
import dev.postern.smtp.Host;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.ConnectionWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postern tls`: what a sender would do with mail for a domain or a host, and why.
@Command(
        name = "tls",
        description = {
            "Shows how a sender would protect mail for a domain or to a host: MX, DNSSEC, TLSA, MTA-STS, the session,"
                    + " and what would become of the mail.",
            "Exit code: 0 it would be delivered (or nobody was asked), 1 it would be returned, 75 it would wait."
        },
        mixinStandardHelpOptions = true)
final class TlsCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Parameters(
            paramLabel = "DOMAIN|[HOST]",
            description = "A mail domain; or one host as the next hop, its name in brackets, or an address.")
    private String name = "";

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "25", description = "Default: ${DEFAULT-VALUE}.")
    private int port = 25;

    @Option(names = "--no-connect", description = "Asks DNS and the server of the policy only.")
    private boolean noConnect;

    @Option(names = "--requiretls", description = "For mail that requires TLS all the way (REQUIRETLS).")
    private boolean requireTls;

    @Option(names = "--private-addresses", description = "Hosts may have loopback and private addresses.")
    private boolean privateAddresses;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "Certificates (PEM) that are trusted in place of the JDK's.")
    private @Nullable Path trust;

    @Option(
            names = "--helo",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "Our name. Default: ${DEFAULT-VALUE}.")
    private String helo = "localhost";

    @Mixin
    private DnsOption dns = new DnsOption();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (port < 1 || port > MAX_PORT) {
            throw new Failure(2, "--port must be from 1 to " + MAX_PORT);
        }
        Optional<Host> host = host(name);
        DomainName domain = host.isPresent()
                ? DomainName.of("localhost")
                : DomainName.parse(name)
                        .filter(DomainName::isHostName)
                        .orElseThrow(() -> new Failure(
                                2,
                                "\"" + name + "\" is neither a domain such as example.org nor a host such as"
                                        + " [mx.example.org]"));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        List<X509Certificate> roots = trust == null ? List.of() : Pem.readCertificates(trust);
        try (DnsOption.Opened opened = dns.open();
                StsOnce sts = new StsOnce(opened.resolver(), roots, privateAddresses)) {
            TlsSurvey survey = survey(opened.resolver(), roots, sts.source());
            TlsFindings findings = host.map(survey::of).orElseGet(() -> survey.of(domain));
            TlsReport report = new TlsReport(findings);
            out.println(json ? Output.json(report.data()) : report.text());
            return code(findings.outcome().result());
        }
    }

    private TlsSurvey survey(Resolver resolver, List<X509Certificate> roots, StsSource sts) throws IOException {
        InstantSource clock = InstantSource.system();
        ExchangerSettings usual = ExchangerSettings.usual(Set.of(), Set.of());
        return new TlsSurvey(
                new MailExchangers(resolver, privateAddresses ? usual.withNotPublic() : usual, new SecureRandom()),
                new TlsSurvey.Ground(
                        OutboundTls.Sources.of(resolver, clock, sts, TlsTrial.Observer.none()),
                        new ClientTls(TlsProvider.best(), roots),
                        new SessionOpener(
                                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                                ClientSettings.standard(helo),
                                Events.none()),
                        clock),
                new TlsSurvey.Wanted(port, requireTls, !noConnect));
    }

    /// `[mx.example.org]`, `[192.0.2.1]` or an address without brackets.
    private static Optional<Host> host(String text) throws Failure {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return Endpoints.host(text).filter(Host.AddressLiteral.class::isInstance);
        }
        String plain = text.substring(1, text.length() - 1);
        return Optional.of(Endpoints.host(plain)
                .orElseThrow(() -> new Failure(2, "\"" + plain + "\" is neither the name of a host nor an address")));
    }

    private static int code(TlsFindings.Result result) {
        return switch (result) {
            case DELIVERED, NOT_TRIED -> 0;
            case RETURNED -> Failure.FAILED;
            case DEFERRED -> Failure.TEMPORARY;
        };
    }
}
