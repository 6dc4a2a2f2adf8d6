package dev.postern.bench.beside;

import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RocksSpool;
import dev.postern.spool.rocks.RocksSpoolSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Messages that are put into a spool by its own means, many a transaction: half of them for one big domain, the
/// others for a thousand small ones, of two hundred senders, one in a thousand held.
final class BacklogFilling {
    static final String BIG = "big.test";
    private static final int SMALL_DOMAINS = 1000;
    private static final int SENDERS = 200;
    private static final int HELD_ONE_IN = 1000;
    private static final int TOGETHER = 500;
    private static final String LINE = "Words of no meaning, in lines of some seventy characters, as mail has.\r\n";

    private final BacklogOptions options;
    private final byte[] content;

    BacklogFilling(BacklogOptions options) {
        this.options = options;
        String header = "From: <a@sender.test>\r\nSubject: Some words\r\nMessage-ID: <1@sender.test>\r\n\r\n";
        String text = header + LINE.repeat(1 + options.octets() / LINE.length());
        this.content = text.substring(0, Math.max(header.length(), options.octets()) - 2)
                .concat("\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Puts them there, as fast as the disk takes them.
    void fill(Path spoolFolder) throws IOException {
        RocksSpoolSettings settings = RocksSpoolSettings.in(spoolFolder);
        try (RocksSpool spool = RocksSpool.open(settings, InstantSource.system(), Events.none())) {
            for (int next = 0; next < options.queued(); next += TOGETHER) {
                put(spool, next, Math.min(options.queued(), next + TOGETHER));
            }
            spool.awaitIndex();
        }
    }

    /// Puts some of them there.
    List<SpooledMessage> put(RocksSpool spool, int from, int to) throws IOException {
        List<SpooledMessage> messages = new ArrayList<>(to - from);
        List<SpoolChange> changes = new ArrayList<>(to - from);
        for (int number = from; number < to; number++) {
            QueueId id = spool.nextId();
            ContentDraft draft = spool.draft(id);
            draft.write(content, 0, content.length);
            SpooledMessage message = message(id, number);
            messages.add(message);
            changes.add(new SpoolChange.Insert(message, draft));
        }
        spool.commit(changes);
        return messages;
    }

    /// The message after an attempt that had no success, due again in a day.
    static SpooledMessage deferred(SpooledMessage message) {
        RecipientState.Status status = new RecipientState.Status.Pending(
                1, message.arrived().plus(Duration.ofDays(1)), Optional.of("4.4.1 nobody answers at 127.0.0.1"), false);
        return message.withRecipients(List.of(message.recipients().getFirst().with(status)));
    }

    private SpooledMessage message(QueueId id, int number) {
        Instant now = id.at();
        String domain = number % 2 == 0 ? BIG : "small-" + number / 2 % SMALL_DOMAINS + ".test";
        Recipient recipient = Recipient.of(Mailbox.of("user" + number, DomainName.of(domain)));
        return new SpooledMessage(
                id,
                now,
                Origin.report(),
                Mailbox.of("sender-" + number % SENDERS, DomainName.of("sender.test")),
                MailParameters.none(),
                "Received: from client.example (client.example [192.0.2.1])\r\n\tby mx.example.net with ESMTP id " + id
                        + ";\r\n\tMon, 1 Jun 2026 12:00:00 +0000\r\n",
                new ContentTraits(content.length, false, false, LINE.length()),
                List.of(RecipientState.fresh(
                        recipient, Optional.empty(), options.later() ? now.plus(Duration.ofDays(1)) : now)),
                number % HELD_ONE_IN == 1);
    }
}
