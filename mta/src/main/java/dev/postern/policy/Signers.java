package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.message.MessageStamp;
import java.util.Map;
import java.util.Optional;

/// The domains that we sign for, each with what signs.
///
/// @param byDomain the signer of each domain
public record Signers(Map<DomainName, MessageStamp> byDomain) {
    public Signers {
        byDomain = Map.copyOf(byDomain);
    }

    /// Nothing is signed.
    public static Signers none() {
        return new Signers(Map.of());
    }

    /// A signer with the domain that it signs for.
    public record Signer(DomainName domain, MessageStamp stamp) {}

    /// The signer of a domain, or else of the nearest domain above it.
    public Optional<Signer> nearest(DomainName domain) {
        for (Optional<DomainName> name = Optional.of(domain);
                name.isPresent();
                name = name.flatMap(DomainName::parent)) {
            MessageStamp stamp = byDomain.get(name.get());
            if (stamp != null) {
                return Optional.of(new Signer(name.get(), stamp));
            }
        }
        return Optional.empty();
    }
}
