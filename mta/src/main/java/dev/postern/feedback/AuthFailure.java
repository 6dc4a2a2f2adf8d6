package dev.postern.feedback;

import dev.postern.dns.DomainName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What failed when a message was to be authenticated.
///
/// @param type the kind of failure
/// @param authenticationResults the field of that name (RFC 8601) without its name, empty where it
///     is missing
/// @param delivery what became of the message
/// @param unaligned which mechanisms had no aligned domain to vouch for, if that is told
/// @param dkim whose signature it is about
/// @param spfRecords the SPF records that were used, as they stand in the report
/// @rfc 6591 §3
/// @rfc 9991 §4
public record AuthFailure(
        Type type,
        String authenticationResults,
        Optional<Delivery> delivery,
        Optional<Set<Mechanism>> unaligned,
        Optional<Signature> dkim,
        List<String> spfRecords) {
    /// The kinds of failures.
    public enum Type {
        /// The author's policy by ADSP, which is historic.
        ADSP,
        /// The body is not what was signed.
        BODYHASH,
        /// The key was withdrawn.
        REVOKED,
        /// The signature is wrong.
        SIGNATURE,
        /// The client may not send for the domain.
        SPF,
        /// Nothing aligned vouches for the author.
        DMARC;

        /// The word in reports.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What became of a message.
    public enum Delivery {
        /// It went its way.
        DELIVERED,
        /// It was taken for unwanted.
        SPAM,
        /// A policy decided.
        POLICY,
        /// It was refused.
        REJECT,
        /// Something else.
        OTHER;

        /// The word in reports.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What vouches for a domain.
    public enum Mechanism {
        /// A signature.
        DKIM,
        /// The address of the client.
        SPF;

        /// The word in reports.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whose signature failed.
    ///
    /// @param domain `d=`
    /// @param identity `i=`
    /// @param selector `s=`
    public record Signature(DomainName domain, Optional<String> identity, Optional<String> selector) {
        /// Texts are made harmless.
        public Signature {
            identity = Words.optional(identity);
            selector = Words.optional(selector);
        }
    }

    /// An SPF record in the form of a report.
    ///
    /// ```
    /// spf-dns = "SPF-DNS:" [CFWS] ("txt" / "spf") [FWS] ":" [FWS] domain-name [FWS] ":" [FWS] quoted-string
    /// ```
    ///
    /// @rfc 6591 §3.2.6
    public static String spfRecord(DomainName domain, String record) {
        return "txt : " + domain + " : \"" + record.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /// Texts are made harmless.
    ///
    /// @throws IllegalArgumentException if there are too many SPF records
    public AuthFailure {
        authenticationResults = Words.clean(authenticationResults);
        unaligned = unaligned.map(Set::copyOf);
        spfRecords = spfRecords.stream().map(Words::clean).toList();
        if (spfRecords.size() > AbuseReport.MOST_REPEATED) {
            throw new IllegalArgumentException("more than " + AbuseReport.MOST_REPEATED + " SPF records");
        }
    }
}
