package dev.postern.mailauth.spf;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The names of a client that have its address, asked for when first needed and then kept; used by
/// one thread.
///
/// Only the first ten names are asked for; others are as if they were not there, for they are under
/// the control of the client and not of the domain (RFC 7208 §4.6.4). An error makes a name absent,
/// never the check an error (RFC 7208 §5.5).
///
/// @rfc 7208 §5.5
final class ClientNames {
    private static final int MOST_NAMES = 10;
    private static final String UNKNOWN = "unknown";

    private final LimitedResolver dns;
    private final ClientText client;
    private Optional<List<DomainName>> known = Optional.empty();
    private boolean absent;

    ClientNames(LimitedResolver dns, ClientText client) {
        this.dns = dns;
        this.client = client;
    }

    /// Whether they were asked for already.
    boolean areKnown() {
        return known.isPresent();
    }

    /// Whether DNS said that the client has no name at all; false before they were asked for.
    boolean areAbsent() {
        return absent;
    }

    /// The names that have the client's address.
    ///
    /// @throws Stop if the time of the check is over
    List<DomainName> validated() throws Stop {
        if (known.isEmpty()) {
            known = Optional.of(ask());
        }
        return known.get();
    }

    /// The name that `%{p}` stands for: the domain itself, else one within it, else any, else
    /// `unknown` (RFC 7208 §7.3).
    ///
    /// @throws Stop if the time of the check is over
    String best(DomainName domain) throws Stop {
        List<DomainName> names = validated();
        if (names.contains(domain)) {
            return domain.text();
        }
        return names.stream()
                .filter(name -> name.isWithin(domain))
                .findFirst()
                .or(() -> names.stream().findFirst())
                .map(DomainName::text)
                .orElse(UNKNOWN);
    }

    private List<DomainName> ask() throws Stop {
        DnsAnswer<DomainName> answer = dns.ask(DomainName.of(client.reverseName()), RecordType.PTR);
        absent = answer instanceof DnsAnswer.NoData || answer instanceof DnsAnswer.NoDomain;
        List<DomainName> claimed =
                answer.recordsOrNone().stream().distinct().limit(MOST_NAMES).toList();
        List<DomainName> validated = new ArrayList<>();
        for (DomainName name : claimed) {
            if (dns.ask(name, client.addressType()).recordsOrNone().stream().anyMatch(client.client()::equals)) {
                validated.add(name);
            }
        }
        return List.copyOf(validated);
    }
}
