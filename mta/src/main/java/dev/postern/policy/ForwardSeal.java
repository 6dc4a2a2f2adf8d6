package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.arc.ArcSealer;
import dev.postern.message.BodySink;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import dev.postern.message.MessageStamp;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Seals mail from elsewhere that an alias of ours leads on to elsewhere: whoever gets it can see what we found before
/// we changed its way (RFC 8617).
public final class ForwardSeal {
    private final Directory directory;
    private final Map<DomainName, ArcSealer> sealers;
    private final InstantSource clock;

    /// @param directory tells which recipients are led on
    /// @param sealers who seals for which domain of ours
    /// @param clock tells when
    public ForwardSeal(Directory directory, Map<DomainName, ArcSealer> sealers, InstantSource clock) {
        this.directory = directory;
        this.sealers = Map.copyOf(sealers);
        this.clock = clock;
    }

    /// Puts the next set of the chain on top of a message that will be led on, in the name of the domain that leads it.
    ///
    /// @param results what we found, as Authentication-Results says it
    /// @return the domain that sealed; empty if the message stays here or no key is there
    Optional<DomainName> seal(ContentFacts content, AuthenticationReport report, String results) throws IOException {
        Optional<Led> led = content.envelope().recipients().stream()
                .map(Recipient::path)
                .filter(this::leadsAway)
                .flatMap(path -> sealing(path).stream())
                .findFirst();
        if (led.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream octets = content.content().open()) {
            MessageReader message = MessageReader.read(octets, SenderAuthentication.LONGEST_HEADER);
            List<HeaderField> fields = new ArrayList<>(content.stamps().fields());
            fields.addAll(message.header().fields());
            MessageStamp.Stamping stamping = led.get()
                    .sealer()
                    .stamp(report.arc(), results)
                    .begin(new MessageHeader(fields, message.header().ending()));
            BodySink.feed(message.body(), List.of(stamping));
            String set = stamping.finish(clock.instant());
            content.stamps().add(set);
            return set.isEmpty() ? Optional.empty() : led.map(Led::by);
        }
    }

    private boolean leadsAway(ForwardPath path) {
        return directory.destination(path) instanceof Destination.Alias alias
                && alias.targets().stream().map(directory::destination).anyMatch(Destination.Remote.class::isInstance);
    }

    /// A domain of ours that leads mail on, and its sealer.
    private record Led(DomainName by, ArcSealer sealer) {}

    /// The domain of a recipient, or the nearest one above it, that has a key.
    private Optional<Led> sealing(ForwardPath path) {
        Optional<DomainName> name = path instanceof Mailbox mailbox && mailbox.host() instanceof Host.Domain(var host)
                ? Optional.of(host)
                : Optional.empty();
        while (name.isPresent()) {
            ArcSealer sealer = sealers.get(name.get());
            if (sealer != null) {
                return Optional.of(new Led(name.get(), sealer));
            }
            name = name.flatMap(DomainName::parent);
        }
        return Optional.empty();
    }
}
