package dev.postern.transport;

import dev.postern.tlspolicy.TlsRequirement;

/// How much the hosts of a mail domain demand of a session, from nothing to all: what a way around them must have, too.
enum Demand {
    /// Nothing: mail may go in the clear.
    NOTHING,
    /// Encryption, whatever certificate is shown.
    ENCRYPTION,
    /// A server that proves who it is, or no mail now.
    PROOF;

    /// What a host demands by how it is approached; one that is passed over is not proven.
    static Demand of(Approach approach) {
        return switch (approach) {
            case Approach.PassOver _ -> PROOF;
            case Approach.Try tried -> of(tried.decision().requirement());
        };
    }

    private static Demand of(TlsRequirement requirement) {
        return requirement.isProof() ? PROOF : requirement.isMandatory() ? ENCRYPTION : NOTHING;
    }

    /// The greater of two.
    Demand or(Demand other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /// Whether a host that is approached so has no less.
    boolean isMetBy(Approach.Try approach) {
        return of(approach).compareTo(this) >= 0;
    }
}
