package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.MailFacts;
import dev.postern.policy.RelayPolicy;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.QueueId;
import dev.postern.srs.Rewriting;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Strangers from all over ask the rules of a configuration to relay for them.
///
/// @param asked how many requests were put to the rules
/// @param granted those that were not refused, `ADDRESS -> RECIPIENT`; none unless something is
///     wrong
record RelayProof(int asked, List<String> granted) {
    private static final int SMTP = 25;
    private static final QueueId NO_SESSION = new QueueId(0);

    private static final List<String> STRANGERS = List.of(
            "127.0.0.1",
            "::1",
            "10.11.12.13",
            "172.16.17.18",
            "192.168.19.20",
            "100.64.21.22",
            "169.254.23.24",
            "192.0.2.25",
            "198.51.100.26",
            "203.0.113.27",
            "2001:db8::28",
            "fd00::29",
            "fe80::30");

    RelayProof {
        granted = List.copyOf(granted);
    }

    /// Puts the requests to a configuration; hosts of the networks that it lists are no strangers.
    ///
    /// Return addresses are signed with a secret made for this occasion: the rules are proved, and
    /// those who may read the configuration need not be those who may read the secrets.
    static RelayProof of(Config config) throws IOException {
        SrsSecrets secrets = SrsSecrets.of(SrsSecrets.fresh(new SecureRandom()));
        ReturnPaths returnPaths = ReturnPaths.of(config, name -> secrets, InstantSource.system());
        RelayPolicy policy = new RelayPolicy(
                config.relay().networks(),
                returnPaths.directory(config.domains().addresses()));
        List<Request> requests = Stream.concat(
                        recipients(config).map(Request::ofReport),
                        returnPaths.rewriting().stream().flatMap(RelayProof::returning))
                .toList();
        List<String> granted = new ArrayList<>();
        int asked = 0;
        for (String stranger : STRANGERS) {
            InetAddress address = InetAddress.ofLiteral(stranger);
            if (config.relay().networks().contains(address)) {
                continue;
            }
            for (Request request : requests) {
                asked++;
                if (ask(policy, address, request) instanceof Verdict.Accept) {
                    granted.add(stranger + " -> " + request.recipient());
                }
            }
        }
        return new RelayProof(asked, granted);
    }

    /// How a stranger would relay, as a sentence; empty where none can.
    Optional<String> counterexample() {
        return granted.isEmpty()
                ? Optional.empty()
                : Optional.of("this is an open relay: strangers may send " + String.join(", ", granted));
    }

    /// Nobody's domain (RFC 6761 §6.4), and ways of hiding it behind a domain that we relay for.
    private static Stream<String> recipients(Config config) {
        Stream<String> open = Stream.of("someone@relay.invalid", "\"a b\"@relay.invalid", "someone@[192.0.2.99]");
        Stream<String> hidden = config.relay().domains().stream()
                .map(domain -> domain.domains().toString().replaceFirst("^\\*?\\.", "sub."))
                .flatMap(domain -> Stream.of(
                        "someone%relay.invalid@" + domain,
                        "relay.invalid!someone@" + domain,
                        "\"someone@relay.invalid\"@" + domain));
        return Stream.concat(open, hidden);
    }

    /// Nobody's domain behind a return address: genuine, but not asked for by a report; and by a
    /// report, but forged.
    private static Stream<Request> returning(SenderRewriting rewriting) {
        return Stream.of("someone@relay.invalid", "SRS0=AAAA=AA=relay.invalid=someone@forwarder.invalid")
                .map(sender -> rewriting.forward(Mailbox.parse(sender).orElseThrow()))
                .filter(Rewriting.Rewritten.class::isInstance)
                .map(Rewriting.Rewritten.class::cast)
                .map(genuine -> genuine.address().toString())
                .flatMap(genuine -> Stream.of(
                        new Request(Mailbox.of("someone", DomainName.of("stranger.invalid")), genuine),
                        Request.ofReport(genuine.replaceFirst("relay\\.invalid|forwarder\\.invalid", "other.invalid")),
                        Request.ofReport(genuine.replaceFirst("=", "=A")),
                        Request.ofReport(genuine.replaceFirst("=[A-Z2-7]+=", "=="))));
    }

    /// What a stranger asks.
    private record Request(ReversePath sender, String recipient) {
        /// In the null reverse-path, for which the rules are the least strict.
        static Request ofReport(String recipient) {
            return new Request(new NullPath(), recipient);
        }
    }

    private static Verdict ask(RelayPolicy policy, InetAddress stranger, Request request) {
        SessionFacts session = SessionFacts.of(
                NO_SESSION,
                ListenerRole.MX,
                new Endpoint.Inet(InetAddress.getLoopbackAddress(), SMTP),
                new Endpoint.Inet(stranger, SMTP));
        return policy.rcpt(
                session,
                new MailFacts(request.sender(), MailParameters.none()),
                Recipient.of(Mailbox.parse(request.recipient()).orElseThrow()));
    }
}
