package dev.postern.zonerecords;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.spf.SpfOutcome;
import dev.postern.mailauth.spf.SpfQuery;
import dev.postern.mailauth.spf.SpfSettings;
import dev.postern.mailauth.spf.SpfVerifier;
import dev.postern.smtp.Mailbox;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Tries policies with the addresses that DNS knows of this server.
///
/// @param host this server
record ResolvedSpfTrial(Resolver resolver, DomainName host, InstantSource clock) implements SpfTrial {
    @Override
    public boolean permits(DomainName domain, String text) {
        SpfVerifier verifier = new SpfVerifier(new Instead(resolver, domain, text), SpfSettings.RECOMMENDED, clock);
        List<InetAddress> addresses = new ArrayList<>();
        addresses.addAll(resolver.resolve(host, RecordType.A).recordsOrNone());
        addresses.addAll(resolver.resolve(host, RecordType.AAAA).recordsOrNone());
        return !addresses.isEmpty()
                && addresses.stream()
                        .map(address -> new SpfQuery(address, host.text(), Mailbox.of("postmaster", domain), host))
                        .allMatch(query -> verifier.checkMailFrom(query).outcome() == SpfOutcome.PASS);
    }

    /// A name space where one name has this text and no other.
    private record Instead(Resolver resolver, DomainName name, String text) implements Resolver {
        @Override
        @SuppressWarnings("unchecked") // the records of a question for TXT are texts
        public <R> DnsAnswer<R> resolve(DomainName asked, RecordType<R> type) {
            return asked.equals(name) && type.equals(RecordType.TXT)
                    ? (DnsAnswer<R>) new DnsAnswer.Found<>(List.of(text), name, Duration.ZERO, false)
                    : resolver.resolve(asked, type);
        }
    }
}
