package dev.postern.tlspolicy.dane;

import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import java.util.List;

/// What DNS says of DANE for one host and port.
///
/// @rfc 7672 §2.2
public sealed interface DaneFinding {
    /// A sentence on how that was found, for the decision record.
    String why();

    /// DANE does not apply: the host's zone is not signed, or it holds no TLSA records, which is itself proven.
    record NotPublished(String why) implements DaneFinding {}

    /// There are authentic records, and none that a sender can use: the session is encrypted, and proves nothing (RFC
    /// 7672 §2.2).
    record Unusable(List<TlsaRecord> records, String why) implements DaneFinding {
        public Unusable {
            records = List.copyOf(records);
        }
    }

    /// There are authentic records that a sender can use.
    ///
    /// @param records the usable ones, at least one
    /// @param base the name that holds them without port and protocol: what is sent as SNI
    record Published(List<TlsaRecord> records, DomainName base, String why) implements DaneFinding {
        /// @throws IllegalArgumentException if there is no record
        public Published {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("no usable TLSA record");
            }
        }
    }

    /// Nobody knows now, or the answer is forged: the host is not used, and this is never "no DANE" (RFC 7672 §2.1.2).
    record Unknown(String why) implements DaneFinding {}
}
