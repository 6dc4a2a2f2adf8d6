package dev.postern.spool;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Handling;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.Priority;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.RetMode;
import dev.postern.spool.RecipientState.Status;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Messages for tests of the spool.
public final class TestMessages {
    private static final DomainName EXAMPLE = DomainName.of("example.org");

    private TestMessages() {}

    /// A message to one recipient, due at a time.
    public static SpooledMessage simple(QueueId id, Instant due) {
        return new SpooledMessage(
                id,
                due,
                origin(),
                Mailbox.of("alice", EXAMPLE),
                MailParameters.none(),
                "Received: from client.example\r\n",
                new ContentTraits(4096, false, false, 78),
                List.of(RecipientState.fresh(
                        Recipient.of(Mailbox.of("bob", DomainName.of("example.net"))), Optional.empty(), due)),
                false);
    }

    /// A message in which everything that may be there is there, and each kind of path, host and
    /// state.
    public static SpooledMessage rich(QueueId id, Instant due) {
        RcptParameters asked = new RcptParameters(
                Optional.of(new Notify(Set.of(Notify.Event.SUCCESS, Notify.Event.DELAY))),
                Optional.of(new OriginalRecipient("utf-8", "jörg@example.de")));
        return new SpooledMessage(
                id,
                due.minusNanos(1),
                new Origin(
                        "submission",
                        Optional.of("2001:db8::1"),
                        Optional.of("laptop.example"),
                        Optional.of("alice"),
                        "UTF8SMTPSA",
                        Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384")),
                new NullPath(),
                new MailParameters(
                        OptionalLong.of(0),
                        BodyType.BINARY_MIME,
                        true,
                        Optional.of(RetMode.HDRS),
                        Optional.of("envelope 1"),
                        Optional.of(""),
                        new Handling(
                                true,
                                Optional.of(new DeliverBy(-7, DeliverBy.Mode.NOTIFY, true)),
                                Optional.of(new FutureRelease.HoldUntil(due)),
                                Optional.of(new Priority(-9)))),
                "Received: from x\r\n (" + octets("jörg") + ")\r\n",
                new ContentTraits(5_000_000_000L, true, true, true, 998),
                List.of(
                        new RecipientState(
                                new Recipient(new Postmaster(), RcptParameters.none()),
                                Optional.of("postmaster@example.org"),
                                new Status.Pending(7, due, Optional.of("4.4.1 no answer from [192.0.2.1]"), true)),
                        new RecipientState(
                                new Recipient(new Mailbox(new LocalPart("odd \"one\""), literal(192, 0, 2, 1)), asked),
                                Optional.empty(),
                                new Status.Done("delivered to /var/mail/odd")),
                        new RecipientState(
                                new Recipient(
                                        new Mailbox(
                                                new LocalPart("jörg"),
                                                literal(32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
                                        new RcptParameters(Optional.of(Notify.never()), Optional.empty())),
                                Optional.empty(),
                                new Status.Failed("5.1.1 unknown"))),
                false);
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Host literal(int... octets) {
        byte[] address = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            address[i] = (byte) octets[i];
        }
        try {
            return new Host.AddressLiteral(InetAddress.getByAddress(address));
        } catch (java.net.UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }

    private static Origin origin() {
        return new Origin(
                "mx",
                Optional.of("192.0.2.7"),
                Optional.of("client.example"),
                Optional.empty(),
                "ESMTP",
                Optional.empty());
    }

    /// The same message with its first recipient in another state.
    public static SpooledMessage with(SpooledMessage message, Status first) {
        List<RecipientState> states = new java.util.ArrayList<>(message.recipients());
        states.set(0, states.getFirst().with(first));
        return message.withRecipients(states);
    }

    /// A message whose sender is still to be told of two recipients, of one from a time on.
    public static SpooledMessage untold(QueueId id, Instant due) {
        Recipient recipient = new Recipient(new Postmaster(), RcptParameters.none());
        Notice failed = new Notice(
                "failed",
                EnhancedStatus.of("5.1.1"),
                "There is no jörg.",
                Optional.of(new Notice.Remote("mx.example.org", "192.0.2.1:25", "550 5.1.1 unknown")),
                due.minusSeconds(120));
        Notice delivered = new Notice(
                "delivered", new EnhancedStatus(2, 0, 999), "maildir", Optional.empty(), due.minusSeconds(1));
        return simple(id, due)
                .withRecipients(List.of(
                        new RecipientState(
                                recipient,
                                Optional.empty(),
                                new Status.Untold(new Status.Failed("5.1.1 unknown"), failed, due)),
                        new RecipientState(
                                recipient,
                                Optional.of("alias@example.org"),
                                new Status.Untold(new Status.Done("maildir"), delivered, due.plusSeconds(7)))));
    }

    /// The same message, to be tried again at a time.
    public static SpooledMessage deferred(SpooledMessage message, Instant due) {
        return with(message, new Status.Pending(1, due, Optional.of("4.4.1 nobody there"), false));
    }

    /// A decision with a verdict.
    public static Decision decision(Instant at, String verdict) {
        return new Decision(at, "rcpt", "relay", verdict, "because of the test", Map.of("peer", "192.0.2.7"));
    }

    /// Octets that tell one content from another, so many.
    public static byte[] content(long seed, int length) {
        byte[] octets = new byte[length];
        new java.util.Random(seed).nextBytes(octets);
        return octets;
    }
}
