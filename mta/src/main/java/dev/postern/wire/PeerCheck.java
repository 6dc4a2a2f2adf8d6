package dev.postern.wire;

/// What came of looking at the certificate that the other side of a TLS connection has shown.
public sealed interface PeerCheck {
    /// Nobody looked: any certificate does, or none was asked for.
    record NotLooked() implements PeerCheck {}

    /// It proves that the other side is who it should be.
    ///
    /// @param how by what, for the log: `pkix mx.example.org`, `dane-ee 3 1 1`, `fingerprint`
    record Proven(String how) implements PeerCheck {}

    /// It does not.
    ///
    /// @param fault the kind of it
    /// @param why a sentence for the operator
    record Unproven(Fault fault, String why) implements PeerCheck {}

    /// Why a certificate proves nothing, as coarse as reports of it are (RFC 8460 §4.3.2).
    enum Fault {
        /// It is for other names.
        WRONG_NAME,
        /// It is not valid yet, or no more.
        EXPIRED,
        /// Nobody who is trusted has issued it.
        NOT_TRUSTED,
        /// No TLSA record matches it.
        NO_TLSA_MATCH,
        /// Something else is wrong with it, such as a weak key, or that there is none.
        OTHER
    }

    /// Whether the other side is who it should be.
    default boolean isProven() {
        return this instanceof Proven;
    }
}
