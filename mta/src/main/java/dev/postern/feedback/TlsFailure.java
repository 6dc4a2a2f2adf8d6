package dev.postern.feedback;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/// How some sessions failed that were alike: one of `failure-details`.
///
/// @param result the kind of failure
/// @param sendingMta the address of the client
/// @param receivingMx the server
/// @param sessions how many, 0 to {@value AggregateRow#MOST}
/// @param information where more about it is, usually a URI
/// @param reason more about it
/// @rfc 8460 §4.4
public record TlsFailure(
        Result result,
        Optional<InetAddress> sendingMta,
        ReceivingMx receivingMx,
        long sessions,
        Optional<String> information,
        Optional<String> reason) {
    /// The server of a session, as far as it is told.
    ///
    /// @param hostname its name in the MX record
    /// @param helo the name it gave itself
    /// @param address its address
    public record ReceivingMx(Optional<String> hostname, Optional<String> helo, Optional<InetAddress> address) {
        /// Texts are made harmless.
        public ReceivingMx {
            hostname = Words.optional(hostname);
            helo = Words.optional(helo);
        }
    }

    /// The kinds of failures.
    ///
    /// @rfc 8460 §4.3
    public enum Result {
        /// The server offers no STARTTLS.
        STARTTLS_NOT_SUPPORTED,
        /// The certificate is for other hosts.
        CERTIFICATE_HOST_MISMATCH,
        /// The certificate is out of date.
        CERTIFICATE_EXPIRED,
        /// The certificate comes from nobody who is trusted.
        CERTIFICATE_NOT_TRUSTED,
        /// Another failure of TLS; the reason may tell.
        VALIDATION_FAILURE,
        /// The TLSA records match nothing, or are wrong.
        TLSA_INVALID,
        /// The answer with the TLSA records is not authentic.
        DNSSEC_INVALID,
        /// The domain of the server asks for DANE, and the client found no TLSA records.
        DANE_REQUIRED,
        /// The file of MTA-STS could not be fetched.
        STS_POLICY_FETCH_ERROR,
        /// The file of MTA-STS is wrong.
        STS_POLICY_INVALID,
        /// The server that has the file of MTA-STS has no certificate for it.
        STS_WEBPKI_INVALID;

        /// The word in reports, such as `certificate-expired`.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// @throws IllegalArgumentException if the number is out of bounds
    public TlsFailure {
        information = Words.optional(information);
        reason = Words.optional(reason);
        if (sessions < 0 || sessions > AggregateRow.MOST) {
            throw new IllegalArgumentException(sessions + " failed sessions");
        }
    }
}
