package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// The MTA-STS policy of our domains as it is served.
///
/// @param policy what it says
/// @rfc 8461 §3.2
public record PolicyFile(StsPolicy policy) {
    private static final int ID_OCTETS = 10;

    /// Where it is served, at every host of {@link #host}.
    public static final String PATH = "/.well-known/mta-sts.txt";

    /// The host that serves the policy of a domain; empty if its name is too long for DNS.
    ///
    /// @rfc 8461 §3.3
    public static Optional<DomainName> host(DomainName domain) {
        return domain.below("mta-sts");
    }

    /// Its text, in ASCII.
    ///
    /// ```
    /// sts-policy-record = sts-policy-field *(sts-policy-term sts-policy-field) [sts-policy-term]
    /// ```
    public String text() {
        StringBuilder text = new StringBuilder("version: STSv1\r\nmode: ")
                .append(policy.mode().name().toLowerCase(Locale.ROOT))
                .append("\r\n");
        policy.hosts().forEach(host -> text.append("mx: ").append(host).append("\r\n"));
        return text.append("max_age: ")
                .append(policy.maxAge().toSeconds())
                .append("\r\n")
                .toString();
    }

    /// What its announcement calls it: another one as soon as the text is another, and only then (RFC 8461 §3.1).
    public String id() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash, 0, ID_OCTETS);
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
