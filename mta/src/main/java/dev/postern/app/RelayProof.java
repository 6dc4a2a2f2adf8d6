package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.MailFacts;
import dev.postern.policy.RelayPolicy;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Verdict;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
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
    static RelayProof of(Config config) {
        RelayPolicy policy =
                new RelayPolicy(config.relay().networks(), config.domains().addresses());
        List<String> recipients = recipients(config);
        List<String> granted = new ArrayList<>();
        int asked = 0;
        for (String stranger : STRANGERS) {
            InetAddress address = InetAddress.ofLiteral(stranger);
            if (config.relay().networks().contains(address)) {
                continue;
            }
            for (String recipient : recipients) {
                asked++;
                if (ask(policy, address, recipient) instanceof Verdict.Accept) {
                    granted.add(stranger + " -> " + recipient);
                }
            }
        }
        return new RelayProof(asked, granted);
    }

    /// Nobody's domain (RFC 6761 §6.4), and ways of hiding it behind a domain that we relay for.
    private static List<String> recipients(Config config) {
        Stream<String> open = Stream.of("someone@relay.invalid", "\"a b\"@relay.invalid", "someone@[192.0.2.99]");
        Stream<String> hidden = config.relay().domains().stream()
                .map(domain -> domain.domains().toString().replaceFirst("^\\*?\\.", "sub."))
                .flatMap(domain -> Stream.of(
                        "someone%relay.invalid@" + domain,
                        "relay.invalid!someone@" + domain,
                        "\"someone@relay.invalid\"@" + domain));
        return Stream.concat(open, hidden).toList();
    }

    private static Verdict ask(RelayPolicy policy, InetAddress stranger, String recipient) {
        SessionFacts session = SessionFacts.of(
                NO_SESSION,
                ListenerRole.MX,
                new Endpoint.Inet(InetAddress.getLoopbackAddress(), SMTP),
                new Endpoint.Inet(stranger, SMTP));
        return policy.rcpt(
                session,
                new MailFacts(new NullPath(), MailParameters.none()),
                Recipient.of(Mailbox.parse(recipient).orElseThrow()));
    }
}
