package dev.postern.tlspolicy.tlsrpt;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// Where the owner of a domain wants TLS reports to go: an element of `rua`.
///
/// @rfc 8460 §3
public sealed interface ReportPlace {
    /// The most chars of a place.
    int LONGEST = 2_000;

    /// Into an inbox.
    ///
    /// @param mailbox in a domain
    record Inbox(Mailbox mailbox) implements ReportPlace {
        @Override
        public String toString() {
            return "mailto:" + mailbox;
        }
    }

    /// To a web server, by POST.
    ///
    /// @param address `https`, with the name of a host, no user, no fragment
    record Web(URI address) implements ReportPlace {
        /// @throws IllegalArgumentException if it is no such address
        public Web {
            if (!"https".equalsIgnoreCase(address.getScheme())
                    || address.getHost() == null
                    || address.getRawUserInfo() != null
                    || address.getRawFragment() != null
                    || DomainName.parse(address.getHost())
                            .filter(DomainName::isHostName)
                            .isEmpty()) {
                throw new IllegalArgumentException("no place for reports: " + address);
            }
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /// The place that a URI names; empty if it is none that reports can go to.
    ///
    /// ```
    /// tlsrpt-uri = URI          ; of RFC 3986, with ",", "!" and ";" encoded
    /// ```
    static Optional<ReportPlace> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            return switch (String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) {
                case "mailto" -> inbox(uri);
                case "https" -> Optional.of(new Web(uri));
                default -> Optional.empty();
            };
        } catch (URISyntaxException | IllegalArgumentException noPlace) {
            return Optional.empty(); // the exceptions are how the parts say "no"
        }
    }

    /// RFC 6068 §2: what stands behind a question mark would be fields of the message, which are ours to write.
    private static Optional<ReportPlace> inbox(URI uri) {
        String raw = String.valueOf(uri.getRawSchemeSpecificPart());
        int query = raw.indexOf('?');
        String encoded = query < 0 ? raw : raw.substring(0, query);
        return Optional.ofNullable(URI.create("mailto:" + encoded).getSchemeSpecificPart())
                .flatMap(Mailbox::parse)
                .filter(mailbox -> mailbox.host() instanceof Host.Domain)
                .map(Inbox::new);
    }
}
