package dev.postern.transport;

import dev.postern.crypto.Identity;
import dev.postern.crypto.Sha256;
import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.dns.ZoneResolver;
import dev.postern.event.Event;
import dev.postern.route.ExchangerSettings;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtpclient.Connector;
import dev.postern.smtpclient.Encryption;
import dev.postern.smtpclient.FakeServer;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.spool.ManualClock;
import dev.postern.tls.ClientTls;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.tls.TrustedRoots;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.dane.DaneVerifier;
import dev.postern.tlspolicy.dane.TlsaLookup;
import dev.postern.tlspolicy.hops.DestinationPolicies;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.mtasts.PolicyFetcher;
import dev.postern.tlspolicy.mtasts.StsPolicies;
import dev.postern.tlspolicy.mtasts.StsSettings;
import dev.postern.tlspolicy.mtasts.StsSource;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// A message to `domain.example`, whose exchanger is `mx.example`, and what surrounds it: one cell of `tls-matrix.txt`.
record TlsScene(String dnssec, String tlsa, String sts, String exchanger, String wish) {
    private static final DomainName DOMAIN = DomainName.of("domain.example");

    /// Every cell.
    static List<TlsScene> all() {
        List<TlsScene> all = new ArrayList<>();
        for (String dnssec : List.of("insecure", "secure", "bogus")) {
            for (String tlsa : List.of("none", "ee", "ta", "unusable", "wrong")) {
                for (String sts : List.of("none", "testing", "enforce", "expired")) {
                    for (String exchanger : List.of("no-starttls", "good", "wrong-name", "self-signed", "stripped")) {
                        all.add(new TlsScene(dnssec, tlsa, sts, exchanger, "plain"));
                        all.add(new TlsScene(dnssec, tlsa, sts, exchanger, "requiretls"));
                    }
                }
            }
        }
        return all;
    }

    /// A cell by its values, in the order of the table.
    static TlsScene of(String values) {
        String[] words = values.split(" ", -1);
        return new TlsScene(words[0], words[1], words[2], words[3], words[4]);
    }

    List<String> values() {
        return List.of(dnssec, tlsa, sts, exchanger, wish);
    }

    @Override
    public String toString() {
        return String.join(" ", values());
    }

    /// What came of it, in the words of the table.
    ///
    /// @param why what the sender is told
    record Seen(String outcome, String session, String report, String why, List<Event> events) {}

    /// The exchangers of all cells, on loopback.
    static final class Exchangers implements AutoCloseable {
        private final TestCertificate issuer = TestCertificate.root("CN=issuer");
        private final TestCertificate stranger = TestCertificate.root("CN=stranger");
        private final TestCertificate own =
                TestCertificate.named("CN=mx.example").dns("mx.example").by(issuer);
        private final TestCertificate foreign =
                TestCertificate.named("CN=other.example").dns("other.example").by(issuer);
        private final TestCertificate alone =
                TestCertificate.named("CN=mx.example").dns("mx.example").bySelf();
        private final TlsProvider provider = TlsProvider.best();
        private final LoopbackServer good = encrypting(own);
        private final Map<String, LoopbackServer> servers = Map.of(
                "good",
                good,
                "wrong-name",
                encrypting(foreign),
                "self-signed",
                encrypting(alone),
                "no-starttls",
                new LoopbackServer(
                        connection -> new FakeServer(FakeServer.Behaviour.offering("REQUIRETLS")).serve(connection)),
                "stripped",
                new LoopbackServer(this::strip));

        Exchangers() throws IOException {}

        private LoopbackServer encrypting(TestCertificate shown) throws IOException {
            List<X509Certificate> chain = shown.equals(alone)
                    ? List.of(shown.certificate())
                    : List.of(shown.certificate(), issuer.certificate());
            ServerTls tls = new ServerTls(provider, new Identity(shown.pair().getPrivate(), chain));
            return new LoopbackServer(
                    connection -> new FakeServer(FakeServer.Behaviour.offering("STARTTLS", "REQUIRETLS")
                                    .encrypting(tls.upgrade()))
                            .serve(connection));
        }

        /// Somebody on the way to the good exchanger, who lets everything through but the offer of STARTTLS.
        private void strip(Connection client) {
            try {
                Connection server = to("good").connect(good.endpoint(), soon());
                Thread back = Thread.ofVirtual().start(() -> pass(server, client));
                pass(client, server);
                back.join();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static void pass(Connection from, Connection to) {
            try (from;
                    to) {
                while (true) {
                    String line = from.readLine(4000, soon()).latin1();
                    to.write(
                            (line.replace("STARTTLS", "XXXXXXXX") + "\r\n").getBytes(StandardCharsets.ISO_8859_1),
                            soon());
                    to.flush(soon());
                }
            } catch (IOException over) {
                return; // one side has gone, and so the other one goes, by the end of the block above
            }
        }

        private static Deadline soon() {
            return Deadline.after(Duration.ofSeconds(20));
        }

        /// The issuer of all certificates but one.
        X509Certificate issuer() {
            return issuer.certificate();
        }

        /// What the good exchanger shows of its own.
        X509Certificate own() {
            return own.certificate();
        }

        private TestCertificate shownBy(String exchanger) {
            return switch (exchanger) {
                case "wrong-name" -> foreign;
                case "self-signed" -> alone;
                default -> own;
            };
        }

        /// Leads to the one exchanger, whatever its address.
        private Connector to(String exchanger) {
            return OneServer.at(servers.get(exchanger).endpoint());
        }

        @Override
        public void close() throws IOException {
            for (LoopbackServer server : servers.values()) {
                server.close();
            }
        }
    }

    /// Sends the message once.
    Seen play(Exchangers exchangers) throws IOException {
        return play(exchangers, Set.of());
    }

    /// Sends the message once, from where some certificates and keys are distrusted.
    Seen play(Exchangers exchangers, Set<String> distrusted) throws IOException {
        ManualClock clock = new ManualClock(TestCertificate.NOW);
        List<Event> events = new CopyOnWriteArrayList<>();
        List<TlsTrial> trials = new CopyOnWriteArrayList<>();
        ZoneResolver resolver = ZoneResolver.of(zone(exchangers));
        HopPolicy policy = new HopPolicy(
                HopPolicy.Usual.PUBLISHED,
                DestinationPolicies.none(),
                new TlsaLookup(resolver),
                policies(resolver, clock));
        ClientTls tls = new ClientTls(
                exchangers.provider, TrustedRoots.of(List.of(exchangers.issuer.certificate()), distrusted));
        DaneVerifier verifier = new DaneVerifier(clock);
        SmtpTransport transport = new SmtpTransport(
                SessionBounds.standard(),
                new SessionOpener(exchangers.to(exchanger), Internet.client(), events::add),
                new MailExchangers(
                        resolver, ExchangerSettings.usual(Set.of(), Set.of()).withNotPublic(), new Random(1)),
                new SmtpTransport.Ground(
                        new Encrypting(
                                policy,
                                destination -> tls,
                                wanted -> chain -> verifier.check(wanted, chain),
                                trials::add),
                        clock,
                        events::add));
        Route route = new Route.Mx(new Host.Domain(DOMAIN), 25, false, Optional.empty());
        Consignment mail = Mail.saying("Subject: x\r\n\r\nhello\r\n")
                .asking(MailParameters.none().withHandling(Handling.usual().requiringTls(wish.equals("requiretls"))))
                .to(Recipient.of(Mail.mailbox("r@domain.example")), route)
                .consignment();
        try (Transport.Carriage carriage = transport.open()) {
            return seen(carriage.carry(mail).getFirst(), trials, events);
        }
    }

    private static Seen seen(DeliveryOutcome outcome, List<TlsTrial> trials, List<Event> events) {
        return switch (outcome) {
            case DeliveryOutcome.Delivered d -> {
                String session = words(d.remote().orElseThrow().security().encryption());
                yield new Seen("delivered", session, report(trials), d.how(), List.copyOf(events));
            }
            case DeliveryOutcome.Deferred d ->
                new Seen("deferred " + d.status(), refused(d.remote()), report(trials), d.why(), List.copyOf(events));
            case DeliveryOutcome.Failed f ->
                new Seen("failed " + f.status(), refused(f.remote()), report(trials), f.why(), List.copyOf(events));
        };
    }

    private static String refused(Optional<DeliveryOutcome.Remote> remote) {
        return remote.map(r -> r.security().encryption())
                .filter(encryption -> !encryption.tls().isEmpty())
                .map(TlsScene::words)
                .orElse("none");
    }

    /// How a session was encrypted, without the details of what is wrong with a certificate.
    static String words(Encryption encryption) {
        if (encryption.tls().isEmpty()) {
            return "clear";
        }
        return encryption.proof().equals("not looked")
                ? "any"
                : encryption.proof().replaceFirst("^unproven, ([a-z-]+): .*", "unproven $1");
    }

    private static String report(List<TlsTrial> trials) {
        return switch (trials.size()) {
            case 0 -> "untold";
            case 1 ->
                word(trials.getFirst().policy().type()) + " "
                        + words(trials.getFirst().outcome());
            default -> trials.toString();
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String words(TlsTrial.Outcome outcome) {
        return switch (outcome) {
            case TlsTrial.Outcome.Success _ -> "success";
            case TlsTrial.Outcome.Failure(TlsTrial.Result result, String _) -> word(result);
        };
    }

    private String zone(Exchangers exchangers) {
        return "$ORIGIN example.\n"
                + (sts.equals("none") ? "" : "_mta-sts.domain TXT \"v=STSv1; id=1;\"\n")
                + (dnssec.equals("insecure") ? "" : "$AUTHENTIC yes\n")
                + "domain MX 10 mx\nmx A 192.0.2.1\n"
                + (dnssec.equals("bogus") ? "_25._tcp.mx SERVFAIL TLSA\n" : tlsa(exchangers));
    }

    private String tlsa(Exchangers exchangers) {
        TestCertificate shown = exchangers.shownBy(exchanger);
        String own = Sha256.hex(shown.certificate().getPublicKey().getEncoded());
        return switch (tlsa) {
            case "ee" -> "_25._tcp.mx TLSA 3 1 1 " + own + "\n";
            case "ta" -> {
                try {
                    yield "_25._tcp.mx TLSA 2 0 1 "
                            + Sha256.hex(exchangers.issuer.certificate().getEncoded()) + "\n";
                } catch (CertificateEncodingException e) {
                    throw new AssertionError(e);
                }
            }
            case "unusable" -> "_25._tcp.mx TLSA 0 1 1 " + own + "\n";
            case "wrong" ->
                "_25._tcp.mx TLSA 3 1 1 "
                        + Sha256.hex(
                                exchangers.stranger.certificate().getPublicKey().getEncoded()) + "\n";
            default -> "";
        };
    }

    /// The policies as they are when the message is sent; what is expired was kept two days ago, for a day.
    private StsSource policies(ZoneResolver resolver, ManualClock clock) {
        String text = "version: STSv1\r\nmode: %s\r\nmx: mx.example\r\nmax_age: 86400\r\n"
                .formatted(sts.equals("expired") ? "enforce" : sts);
        boolean[] gone = {false};
        PolicyFetcher fetcher = address -> gone[0]
                ? new PolicyFetcher.Answer.Failed("the host cannot be reached")
                : new PolicyFetcher.Answer.Answered(200, Optional.of("text/plain"), text, true);
        StsPolicies policies = new StsPolicies(
                StsSettings.usual(), new StsPolicies.Ground(resolver, fetcher, Runnable::run, clock, event -> {}));
        if (sts.equals("expired")) {
            clock.advance(Duration.ofDays(-2));
            policies.of(DOMAIN);
            clock.advance(Duration.ofDays(2));
            gone[0] = true;
        }
        return policies;
    }
}
