package dev.postern.sasl;

import dev.postern.wire.ChannelBindings;
import java.util.random.RandomGenerator;

/// The mechanisms SCRAM-SHA-256 and SCRAM-SHA-256-PLUS: the client proves that it knows the password without sending
/// it,
/// and the server that it knows the client; with PLUS both prove that nobody sits between them.
///
/// To act for somebody else is not offered: the authorization identity is empty or the name itself.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7677 RFC 7677
public final class Scram implements SaslMechanism {
    private final Kind kind;
    private final Ground ground;

    /// Which of the two it is.
    public enum Kind {
        /// Bound to the TLS connection.
        PLUS("SCRAM-SHA-256-PLUS"),
        /// Bound to nothing.
        UNBOUND("SCRAM-SHA-256");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /// The registered name of the mechanism.
        public String label() {
            return label;
        }
    }

    /// What both kinds stand on.
    ///
    /// @param users who has which keys
    /// @param decoys keys for those whom there is not
    /// @param random makes nonces; one that cannot be foretold
    public record Ground(ScramLookup users, ScramDecoys decoys, RandomGenerator random) {}

    /// One of the two kinds.
    public Scram(Kind kind, Ground ground) {
        this.kind = kind;
        this.ground = ground;
    }

    @Override
    public String name() {
        return kind.label();
    }

    @Override
    public boolean isOffered(ChannelBindings bindings) {
        return ground.users().hasKeys() && (kind == Kind.UNBOUND || !bindings.isEmpty());
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new ScramExchange(kind, ground, context);
    }
}
