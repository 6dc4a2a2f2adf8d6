package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.arc.ArcSealer;
import dev.postern.message.MessageStamp;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Seals mail from elsewhere that an alias of ours leads on to elsewhere, in the name of the domain that leads it:
/// whoever gets it can see what we found before we changed its way (RFC 8617).
///
/// @param sealers who seals for which domain of ours
public record ForwardSeal(Map<DomainName, ArcSealer> sealers) {
    public ForwardSeal {
        sealers = Map.copyOf(sealers);
    }

    /// What seals one message.
    ///
    /// @param by the domain that leads it on, or the nearest one above it that has a key
    record Seal(DomainName by, MessageStamp stamp) {}

    /// The seal of a message.
    ///
    /// @param recipients those that are led on
    /// @param results what we found, as Authentication-Results says it
    /// @return empty if no domain of theirs has a key
    Optional<Seal> of(List<ForwardPath> recipients, AuthenticationReport report, String results) {
        return recipients.stream()
                .flatMap(path -> sealing(path).stream())
                .findFirst()
                .map(led -> new Seal(led.by(), led.sealer().stamp(report.arc(), results)));
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
