package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.intake.Arrival;
import dev.postern.intake.Incoming;
import dev.postern.intake.Intake;
import dev.postern.intake.IntakeResult;
import dev.postern.message.BodySink;
import dev.postern.message.MessageReader;
import dev.postern.message.MessageStamp;
import dev.postern.policy.Signers;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Where our reports begin their way: through the door that all mail comes through, signed in the name of their
/// author's domain. Their reverse-path is null, so that nobody answers, and no report on a report comes back.
public final class ReportPost {
    private static final int LONGEST_HEADER = 1 << 16;

    private final Intake intake;
    private final Supplier<Signers> signers;
    private final InstantSource clock;

    /// @param signers asked for each report
    public ReportPost(Intake intake, Supplier<Signers> signers, InstantSource clock) {
        this.intake = intake;
        this.signers = signers;
        this.clock = clock;
    }

    /// Sends a report; it is in the spool to stay when this returns.
    ///
    /// @param from its author
    /// @param content header and body with CRLF line ends, 7-bit but for addresses
    /// @return the name that the message has
    /// @throws IOException if the spool cannot take it
    public QueueId send(Mailbox from, List<Mailbox> to, byte[] content) throws IOException {
        Arrival arrival = new Arrival(intake.nextId(), Origin.report(), envelope(to), Arrival.Treatment.none());
        try (Incoming incoming = intake.open(arrival)) {
            incoming.write(content, 0, content.length);
            incoming.end().ifPresent(refusal -> {
                throw new IllegalStateException("our own report is no good message: " + refusal);
            });
            Optional<DomainName> signed = sign(from, incoming);
            return switch (incoming.complete(List.of(decision(from, to, signed)))) {
                case IntakeResult.Taken taken -> taken.id();
                case IntakeResult.Refused refused ->
                    throw new IllegalStateException("our own report is no good message: " + refused.reply());
            };
        }
    }

    private static Envelope envelope(List<Mailbox> to) {
        MailParameters parameters = new MailParameters(
                OptionalLong.empty(),
                BodyType.SEVEN_BIT,
                to.stream().anyMatch(Mailbox::isInternational),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Envelope(
                new NullPath(), parameters, to.stream().map(Recipient::of).toList());
    }

    private Optional<DomainName> sign(Mailbox from, Incoming incoming) throws IOException {
        Optional<Signers.Signer> signer = from.host() instanceof Host.Domain(DomainName domain)
                ? signers.get().nearest(domain)
                : Optional.empty();
        if (signer.isPresent()) {
            try (InputStream octets = incoming.content().open()) {
                MessageReader message = MessageReader.read(octets, LONGEST_HEADER);
                MessageStamp.Stamping stamping = signer.get().stamp().begin(message.header());
                BodySink.feed(message.body(), List.of(stamping));
                incoming.stamps().add(stamping.finish(clock.instant()));
            }
        }
        return signer.map(Signers.Signer::domain);
    }

    private Decision decision(Mailbox from, List<Mailbox> to, Optional<DomainName> signed) {
        Map<String, String> inputs = LinkedHashMap.newLinkedHashMap(2);
        inputs.put("author", from.toString());
        inputs.put("recipients", to.toString());
        return new Decision(
                clock.instant(),
                "intake",
                "report",
                "sent",
                "a report of ours, "
                        + signed.map(domain -> "signed by " + domain)
                                .orElse("not signed: there is no key for its author's domain"),
                inputs);
    }
}
