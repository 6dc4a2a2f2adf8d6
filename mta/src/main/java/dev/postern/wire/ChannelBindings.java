package dev.postern.wire;

import java.util.Optional;

/// What ties an authentication to the TLS connection that it runs in (RFC 5056 §2.1): octets that both ends know, and
/// that are others where somebody sits between them. Worked out when asked for.
public interface ChannelBindings {
    /// A kind of channel binding, by its registered name.
    enum Type {
        /// A hash of the server's certificate (RFC 5929 §4).
        TLS_SERVER_END_POINT("tls-server-end-point"),
        /// Keys of this very connection (RFC 9266).
        TLS_EXPORTER("tls-exporter");

        private final String label;

        Type(String label) {
            this.label = label;
        }

        /// The registered name.
        public String label() {
            return label;
        }

        /// The type of a registered name, as it is written there.
        public static Optional<Type> of(String label) {
            for (Type type : values()) {
                if (type.label.equals(label)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    /// The octets of a type; empty where this connection has none.
    Optional<byte[]> octets(Type type);

    /// Whether there is any.
    default boolean isEmpty() {
        for (Type type : Type.values()) {
            if (octets(type).isPresent()) {
                return false;
            }
        }
        return true;
    }

    /// Those of a connection that has none.
    static ChannelBindings none() {
        return type -> Optional.empty();
    }
}
