package dev.postern.reporting;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.event.Event;
import dev.postern.forward.OnwardCopies;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeSettings;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.dkim.DkimSigner;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.mailauth.dmarc.ReportDestinations;
import dev.postern.message.Stamps;
import dev.postern.policy.AuthenticationObserver;
import dev.postern.policy.AuthenticationPolicy;
import dev.postern.policy.AuthenticationSettings;
import dev.postern.policy.ContentFacts;
import dev.postern.policy.Findings;
import dev.postern.policy.ListenerRole;
import dev.postern.policy.Network;
import dev.postern.policy.NetworkSet;
import dev.postern.policy.SenderAuthentication;
import dev.postern.policy.SessionFacts;
import dev.postern.policy.Signers;
import dev.postern.policy.Verdict;
import dev.postern.reportstore.ReportClaim;
import dev.postern.route.Destination;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.Retention;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A receiver `mx.receiver.example` that checks senders by a zone, and has a spool and a key of its own; what the tests
/// of reports share.
final class ReportingWorld {
    static final DomainName HOST = DomainName.of("mx.receiver.example");
    static final DomainName OURS = DomainName.of("receiver.example");
    static final InetAddress GOOD = InetAddress.ofLiteral("192.0.2.1");
    static final InetAddress BAD = InetAddress.ofLiteral("198.51.100.9");

    final ManualClock clock = ManualClock.atNoon();
    final MemorySpool spool = new MemorySpool(clock);
    final List<SpooledMessage> accepted = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    final Resolver dns;
    final Intake intake;

    private final SelectedKey key;
    private int serial = 1000;

    /// @param zone what the others publish
    ReportingWorld(String zone) {
        try {
            key = new SelectedKey(DomainName.of("s"), DkimKey.generate(DkimAlgorithm.ED25519_SHA256, Optional.empty()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ZoneResolver answers = ZoneResolver.of(zone + """
                receiver.example. A 192.0.2.200
                _dmarc.receiver.example. TXT "v=DMARC1; p=reject; adkim=s"
                s._domainkey.receiver.example. TXT "%s"
                """.formatted(key.key().record()));
        dns = new Resolver() {
            @Override
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                return name.isWithin(DomainName.of("broken.example"))
                        ? new DnsAnswer.Failed<>("SERVFAIL")
                        : answers.resolve(name, type);
            }
        };
        intake = intake(spool);
    }

    private Intake intake(MemorySpool into) {
        return new Intake(
                IntakeSettings.of(HOST),
                into,
                path -> new Destination.Inbox((Mailbox) path, Optional.empty()),
                clock,
                (message, content) -> accepted.add(message));
    }

    ReportPost post() {
        return post(intake);
    }

    /// Where reports begin their way while the disk is full.
    ReportPost fullPost() {
        return post(intake(new MemorySpool(clock, Retention.byDefault(), 1)));
    }

    private ReportPost post(Intake through) {
        Signers signers = new Signers(Map.of(OURS, new DkimSigner(OURS, List.of(key), SigningSettings.usual())));
        return new ReportPost(through, () -> signers, clock);
    }

    Dispatch dispatch() {
        return new Dispatch(new ReportTimes(7, ReportTimes.USUAL_SPREAD), post(), events::add);
    }

    ReportDestinations destinations() {
        return new ReportDestinations(dns);
    }

    static ReportingSettings settings(boolean failures) {
        return new ReportingSettings(
                HOST,
                Mailbox.of("dmarc", OURS),
                "Receiver Ltd",
                failures
                        ? EnumSet.allOf(ReportClaim.Kind.class)
                        : EnumSet.of(ReportClaim.Kind.AGGREGATE, ReportClaim.Kind.TLS));
    }

    static AuthenticationSettings usual() {
        return new AuthenticationSettings(
                HOST,
                true,
                AuthenticationSettings.Quarantine.MARK,
                false,
                new NetworkSet(List.of(Network.parse("203.0.113.0/24").orElseThrow())),
                Set.of());
    }

    /// Has a message judged.
    ///
    /// @param sender empty: the null path
    Verdict judge(
            AuthenticationSettings settings,
            AuthenticationObserver observer,
            InetAddress client,
            String sender,
            String message) {
        AuthenticationPolicy policy = new AuthenticationPolicy(
                        session -> false, settings, new SenderAuthentication(dns, HOST, clock, Optional.empty()))
                .telling(observer);
        ReversePath path =
                sender.isEmpty() ? new NullPath() : Mailbox.parse(sender).orElseThrow();
        Envelope envelope = new Envelope(path, MailParameters.none(), List.of(Recipient.of(Mailbox.of("joe", OURS))));
        SessionFacts session = SessionFacts.of(
                        new QueueId(1), ListenerRole.MX, new Endpoint.Memory("server"), new Endpoint.Inet(client, 25))
                .withGreeting(new SessionFacts.Greeting("client.example", true));
        return policy.content(
                session,
                new ContentFacts(
                        new QueueId(serial++),
                        envelope,
                        content(message),
                        new Stamps(),
                        new OnwardCopies(),
                        new Findings()));
    }

    static Content content(String message) {
        return Content.of(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A message as it leaves, one char an octet.
    String octets(SpooledMessage message) throws IOException {
        try (InputStream in = spool.content(message.id()).open()) {
            return message.trace() + new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SpoolException e) {
            throw new IOException(e);
        }
    }
}
