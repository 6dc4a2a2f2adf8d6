package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.mtasts.PolicyFile;
import dev.postern.web.Page;
import dev.postern.web.Pages;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The MTA-STS policy of our domains, under TLS and at the hosts of these domains only.
///
/// @param domains ours, as of now
/// @param sts what they say, as of now; empty: nothing
/// @spec https://www.rfc-editor.org/rfc/rfc8461 RFC 8461 §3.3
public record PolicyPages(Supplier<List<DomainName>> domains, Supplier<Optional<StsSite>> sts) implements Pages {
    @Override
    public Optional<Page> page(Request request) {
        return sts.get()
                .filter(StsSite::served)
                .filter(_ -> request.tls() && request.path().equals(PolicyFile.PATH) && isOurs(request.host()))
                .map(says -> Page.plain(new PolicyFile(says.policy()).text()));
    }

    private boolean isOurs(String host) {
        return DomainName.parse(host)
                .filter(name -> domains.get().stream()
                        .anyMatch(domain -> PolicyFile.host(domain).equals(Optional.of(name))))
                .isPresent();
    }
}
