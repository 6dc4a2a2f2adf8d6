package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.forward.OnwardCopies;
import dev.postern.mailauth.arc.ArcSealer;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.dkim.DkimSigner;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.message.MessageReader;
import dev.postern.message.Stamps;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A server for `ours.example` at 203.0.113.1, whose aliases lead to `far.example`, and domains of authors at 192.0.2.1
/// that ask for different things; one key signs for all of them.
final class ForwardingWorld {
    static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    static final DomainName OURS = DomainName.of("ours.example");
    static final DomainName RECEIVER = DomainName.of("mx.ours.example");
    static final InetAddress GOOD = InetAddress.ofLiteral("192.0.2.1");
    static final InetAddress BAD = InetAddress.ofLiteral("198.51.100.9");
    static final InetAddress US = InetAddress.ofLiteral("203.0.113.1");

    /// `away` and `second` lead to `far.example`, `both` leads there and home, `list` has an owner.
    static final Directory DIRECTORY = path -> switch (path.toString()) {
        case "away@ours.example" -> alias("away", "joe@far.example");
        case "second@ours.example" -> alias("second", "jim@far.example");
        case "both@ours.example" -> alias("both", "boss@ours.example", "joe@far.example");
        case "list@ours.example" ->
            new Destination.Alias(
                    "list", List.of(mailbox("joe@far.example")), Optional.of(mailbox("owner-list@ours.example")));
        default ->
            ((Mailbox) path).host() instanceof Host.Domain(DomainName domain) && domain.equals(OURS)
                    ? new Destination.Inbox((Mailbox) path, Optional.empty())
                    : new Destination.Remote(((Mailbox) path).host());
    };

    final SelectedKey key;
    final Resolver dns;

    private ForwardingWorld(SelectedKey key, Resolver dns) {
        this.key = key;
        this.dns = dns;
    }

    static ForwardingWorld create() throws IOException {
        DkimKey key = DkimKey.generate(DkimAlgorithm.ED25519_SHA256, Optional.empty());
        StringBuilder zone = new StringBuilder();
        for (String domain : List.of("none", "quarantine", "reject", "testing", "broken", "silent", "other", "lists")) {
            zone.append(domain).append(".example. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
            zone.append(domain).append(".example. A 192.0.2.1\n");
            zone.append("s._domainkey.")
                    .append(domain)
                    .append(".example. TXT \"")
                    .append(key.record())
                    .append("\"\n");
        }
        zone.append("sub.reject.example. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
        zone.append("s._domainkey.ours.example. TXT \"").append(key.record()).append("\"\n");
        zone.append("""
                ours.example. TXT "v=spf1 ip4:203.0.113.1 ip4:192.0.2.1 -all"
                ours.example. A 203.0.113.1
                _dmarc.ours.example. TXT "v=DMARC1; p=reject"
                _dmarc.none.example. TXT "v=DMARC1; p=none"
                _dmarc.quarantine.example. TXT "v=DMARC1; p=quarantine"
                _dmarc.reject.example. TXT "v=DMARC1; p=reject; sp=quarantine"
                _dmarc.testing.example. TXT "v=DMARC1; p=reject; t=y"
                _dmarc.broken.example. TXT "v=DMARC1; p=refuse"
                """);
        return new ForwardingWorld(new SelectedKey(DomainName.of("s"), key), ZoneResolver.of(zone.toString()));
    }

    static Mailbox mailbox(String text) {
        return Mailbox.parse(text).orElseThrow();
    }

    private static Destination alias(String name, String... targets) {
        return new Destination.Alias(
                name,
                List.copyOf(Arrays.stream(targets).map(ForwardingWorld::mailbox).toList()),
                Optional.empty());
    }

    static SenderRewriting rewriting() {
        return new SenderRewriting(
                new SrsSettings(OURS, Set.of(OURS), SrsSettings.USUAL_DAYS),
                SrsSecrets.of("a secret of this world"),
                InstantSource.fixed(NOW));
    }

    /// What was found about a message that a client brought.
    AuthenticationReport report(InetAddress client, ReversePath sender, String message) throws IOException {
        return authentication()
                .check(new SenderAuthentication.Bearer(client, "client.example", sender), Content.of(octets(message)));
    }

    SenderAuthentication authentication() {
        return new SenderAuthentication(dns, RECEIVER, InstantSource.fixed(NOW), Optional.empty());
    }

    static byte[] octets(String message) {
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }

    static ContentFacts facts(ReversePath sender, String message, String... recipients) {
        Envelope envelope = new Envelope(
                sender,
                MailParameters.none(),
                Arrays.stream(recipients)
                        .map(one -> Recipient.of(mailbox(one + "@ours.example")))
                        .toList());
        return new ContentFacts(
                new QueueId(2),
                envelope,
                Content.of(octets(message)),
                new Stamps(),
                new OnwardCopies(),
                new Findings());
    }

    Unprovable.OurName ourName() {
        return new Unprovable.OurName(rewriting(), OURS, signer("ours.example", SigningSettings.usual()));
    }

    ForwardSeal seal() {
        return new ForwardSeal(Map.of(OURS, new ArcSealer(OURS, key, SigningSettings.usual())));
    }

    DkimSigner signer(String domain, SigningSettings settings) {
        return new DkimSigner(DomainName.of(domain), List.of(key), settings);
    }

    /// A message with a signature on top.
    String signed(String domain, SigningSettings settings, String message) throws IOException {
        return signed(signer(domain, settings), message, NOW);
    }

    private static String signed(DkimSigner signer, String message, Instant at) throws IOException {
        Stamps stamps = new Stamps();
        stamps.add(signer, MessageReader.read(new ByteArrayInputStream(octets(message)), 1 << 20), at);
        return stamps.text() + message;
    }

    /// A message with a signature on top that has expired by now.
    String expired(String domain, String message) throws IOException {
        SigningSettings settings = SigningSettings.usual().expiring(Duration.ofMinutes(1));
        return signed(signer(domain, settings), message, NOW.minus(Duration.ofDays(2)));
    }
}
