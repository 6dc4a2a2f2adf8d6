package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Priority;
import dev.postern.smtp.ReversePath;
import java.util.Map;
import java.util.Optional;

/// The priorities of mail of which nothing was said, by its reverse-path; for clients only whom we trust, since others
/// may write any.
///
/// @param byAddress of single addresses, as they are written
/// @param byDomain of all others of a domain, and not of those below it
public record SenderPriorities(Map<Mailbox, Priority> byAddress, Map<DomainName, Priority> byDomain) {
    public SenderPriorities {
        byAddress = Map.copyOf(byAddress);
        byDomain = Map.copyOf(byDomain);
    }

    /// No sender is before others.
    public static SenderPriorities none() {
        return new SenderPriorities(Map.of(), Map.of());
    }

    /// The priority of a sender's mail; empty where nothing is said of him.
    Optional<Priority> of(ReversePath sender) {
        return switch (sender) {
            case NullPath() -> Optional.empty();
            case Mailbox mailbox ->
                Optional.ofNullable(byAddress.get(mailbox)).or(() -> switch (mailbox.host()) {
                    case Host.Domain(DomainName name) -> Optional.ofNullable(byDomain.get(name));
                    case Host.AddressLiteral _ -> Optional.empty();
                });
        };
    }
}
