package dev.postern.acme;

import java.util.Optional;
import java.util.stream.Stream;

/// How an authority is shown that a name is ours.
public enum ChallengeKind {
    /// A page on port 80 (RFC 8555 §8.3).
    HTTP_01("http-01"),
    /// A certificate on port 443 (RFC 8737).
    TLS_ALPN_01("tls-alpn-01"),
    /// A TXT record (RFC 8555 §8.4).
    DNS_01("dns-01");

    private final String word;

    ChallengeKind(String word) {
        this.word = word;
    }

    /// The kind of this name; empty if there is none.
    public static Optional<ChallengeKind> parse(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /// The name in the protocol.
    @Override
    public String toString() {
        return word;
    }
}
