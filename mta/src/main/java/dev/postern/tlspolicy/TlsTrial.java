package dev.postern.tlspolicy;

import dev.postern.dns.DomainName;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How one try to open a protected session went, as the report for its mail domain counts it.
///
/// @param policy whose policy was kept, and what it says
/// @param host the mail exchanger; empty where the failure came before one was tried
/// @param addresses between which it was
/// @param outcome what came of it
/// @rfc 8460 §4
public record TlsTrial(AppliedPolicy policy, Optional<DomainName> host, Addresses addresses, Outcome outcome) {
    /// The two ends of a session, as far as they are known.
    ///
    /// @param host that of the host
    /// @param sender ours, if it is a public one; empty where no session was begun
    public record Addresses(Optional<InetAddress> host, Optional<InetAddress> sender) {
        /// Nothing is known.
        public static final Addresses UNKNOWN = new Addresses(Optional.empty(), Optional.empty());
    }

    /// What a mail domain asks for.
    ///
    /// @param domain that mail is for
    /// @param type where it was found
    /// @param strings it as it was found, line by line or record by record
    /// @param hosts the patterns of its hosts' names, for MTA-STS
    public record AppliedPolicy(DomainName domain, Type type, List<String> strings, List<String> hosts) {
        public AppliedPolicy {
            strings = List.copyOf(strings);
            hosts = List.copyOf(hosts);
        }

        /// A domain that asks for nothing.
        public static AppliedPolicy none(DomainName domain) {
            return new AppliedPolicy(domain, Type.NO_POLICY_FOUND, List.of(), List.of());
        }
    }

    /// Where a policy is published.
    public enum Type {
        /// In TLSA records (RFC 7672).
        TLSA,
        /// In a file of MTA-STS (RFC 8461).
        STS,
        /// Nowhere.
        NO_POLICY_FOUND;

        /// The word in reports: `tlsa`, `sts` or `no-policy-found`.
        @Override
        public String toString() {
            return word(this);
        }
    }

    /// What came of it.
    public sealed interface Outcome {
        /// The session has the TLS that the policy asks for.
        record Success() implements Outcome {}

        /// It has not.
        ///
        /// @param reason more about it, in words
        record Failure(Result result, String reason) implements Outcome {}
    }

    /// The kinds of failures.
    ///
    /// @rfc 8460 §4.3
    public enum Result {
        /// The host offers no STARTTLS.
        STARTTLS_NOT_SUPPORTED("STARTTLS is not offered"),
        /// Its certificate is for other hosts.
        CERTIFICATE_HOST_MISMATCH("the certificate is for other hosts"),
        /// Its certificate is out of date.
        CERTIFICATE_EXPIRED("the certificate is out of date"),
        /// Its certificate comes from nobody who is trusted.
        CERTIFICATE_NOT_TRUSTED("the certificate comes from nobody who is trusted"),
        /// Another failure of TLS.
        VALIDATION_FAILURE("TLS failed in another way"),
        /// The TLSA records match nothing, or none is usable.
        TLSA_INVALID("no TLSA record matches, or none is usable"),
        /// The answer with the TLSA records is bogus, or cannot be had.
        DNSSEC_INVALID("the TLSA records are not authentic, or cannot be had"),
        /// DANE is demanded, and there are no TLSA records.
        DANE_REQUIRED("DANE is demanded, and there are no TLSA records"),
        /// The file of MTA-STS could not be fetched.
        STS_POLICY_FETCH_ERROR("the MTA-STS policy could not be fetched"),
        /// The file of MTA-STS is wrong.
        STS_POLICY_INVALID("the MTA-STS policy is wrong"),
        /// The server that has the file of MTA-STS has no certificate for it.
        STS_WEBPKI_INVALID("the server of the MTA-STS policy has no certificate for it");

        private final String words;

        Result(String words) {
            this.words = words;
        }

        /// The same for people.
        public String words() {
            return words;
        }

        /// The word in reports, such as `certificate-expired`.
        @Override
        public String toString() {
            return word(this);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Told of every try; used by any number of threads, and quick.
    @FunctionalInterface
    public interface Observer {
        /// Takes note of a try.
        void tried(TlsTrial trial);

        /// Nobody listens.
        static Observer none() {
            return trial -> {};
        }
    }
}
