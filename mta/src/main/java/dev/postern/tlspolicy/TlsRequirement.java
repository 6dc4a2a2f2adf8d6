package dev.postern.tlspolicy;

import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// How well a session with one host must be protected before mail goes through it, from nothing to all.
public sealed interface TlsRequirement {
    /// How many names or records are told.
    int MOST_WORDS = 5;

    /// It is not encrypted.
    record None() implements TlsRequirement {}

    /// It is encrypted where the host offers that, whatever certificate it shows, and in the clear where not (RFC
    /// 7435).
    record May() implements TlsRequirement {}

    /// It is encrypted, whatever certificate the host shows, or no mail is sent.
    record Encrypt() implements TlsRequirement {}

    /// It is encrypted, and the certificate comes from somebody who is trusted and is for one of these names, or no
    /// mail is sent.
    ///
    /// @param names host names, or patterns such as `*.example.org` that stand for one label more; at least
    ///     one (RFC 8461 §4.1)
    /// @param basis where the names come from
    record Verified(List<String> names, Basis basis) implements TlsRequirement {
        /// @throws IllegalArgumentException if there is no name
        public Verified {
            names = List.copyOf(names);
            if (names.isEmpty()) {
                throw new IllegalArgumentException("a certificate for no name");
            }
        }
    }

    /// It is encrypted, and the certificate or its public key is one of these, or no mail is sent.
    ///
    /// @param digests SHA-256 of the certificate or of its public key, 64 lower-case hexadecimal digits each
    record Fingerprint(Set<String> digests) implements TlsRequirement {
        private static final int DIGITS = 64;

        /// @throws IllegalArgumentException if there is none, or one is no such digest
        public Fingerprint {
            digests = Set.copyOf(digests);
            if (digests.isEmpty() || !digests.stream().allMatch(d -> d.length() == DIGITS && d.matches("[0-9a-f]+"))) {
                throw new IllegalArgumentException("no fingerprints: " + digests);
            }
        }
    }

    /// It is encrypted, and a TLSA record matches the certificate, or no mail is sent.
    ///
    /// @param records the usable ones, at least one
    /// @param names the names of which the certificate must bear one where a record names its issuer (usage 2), at
    ///     least one (RFC 7672 §3.2.2)
    /// @param base the name that holds the records without port and protocol: what is sent as SNI (RFC 7672 §8.1)
    record Dane(List<TlsaRecord> records, List<DomainName> names, DomainName base) implements TlsRequirement {
        /// @throws IllegalArgumentException if there is no record or no name
        public Dane {
            records = List.copyOf(records);
            names = List.copyOf(names);
            if (records.isEmpty() || names.isEmpty()) {
                throw new IllegalArgumentException("DANE with " + records + " for " + names);
            }
        }
    }

    /// Where the names of a verified certificate come from, and so how much they prove.
    enum Basis {
        /// The mail exchanger as DNS tells it: nobody vouches for it.
        EXCHANGER,
        /// The configuration, or the mail domain itself.
        CONFIGURED,
        /// An answer that DNSSEC vouches for.
        DNSSEC,
        /// A policy of the mail domain (RFC 8461).
        MTA_STS
    }

    /// Whether no mail is sent in the clear.
    default boolean isMandatory() {
        return switch (this) {
            case None _, May _ -> false;
            case Encrypt _, Verified _, Fingerprint _, Dane _ -> true;
        };
    }

    /// Whether the certificate of the host is looked at.
    default boolean isChecked() {
        return switch (this) {
            case None _, May _, Encrypt _ -> false;
            case Verified _, Fingerprint _, Dane _ -> true;
        };
    }

    /// What is sent as SNI: the name of the host, or that of its TLSA records (RFC 7672 §8.1).
    default String serverName(String host) {
        return this instanceof Dane dane ? dane.base().text() : host;
    }

    /// Whether a session that has it is with the server that takes the mail: the certificate is for a name that
    /// somebody vouches for (RFC 8689 §4.2.1).
    default boolean isProof() {
        return switch (this) {
            case None _, May _, Encrypt _ -> false;
            case Verified(List<String> _, Basis basis) -> basis != Basis.EXCHANGER;
            case Fingerprint _, Dane _ -> true;
        };
    }

    /// It in a few words, for logs and decisions.
    default String words() {
        return switch (this) {
            case None _ -> "none";
            case May _ -> "may";
            case Encrypt _ -> "encrypt";
            case Verified(List<String> names, Basis basis) ->
                "verify " + some(names) + " by "
                        + basis.name().toLowerCase(Locale.ROOT).replace('_', '-');
            case Fingerprint(Set<String> digests) -> "fingerprint, one of " + digests.size();
            case Dane(List<TlsaRecord> records, List<DomainName> _, DomainName base) ->
                "dane "
                        + some(records.stream()
                                .map(TlsaRecord::numbers)
                                .distinct()
                                .toList())
                        + " at " + base;
        };
    }

    private static String some(List<String> texts) {
        return texts.stream().limit(MOST_WORDS).collect(Collectors.joining(", "))
                + (texts.size() > MOST_WORDS ? " and " + (texts.size() - MOST_WORDS) + " more" : "");
    }
}
