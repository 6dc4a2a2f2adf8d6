package dev.postern.tls;

import java.util.stream.Stream;

/// The implementations of TLS that every test of TLS runs with.
public final class Providers {
    private Providers() {}

    /// Each of them.
    public static Stream<TlsProvider> all() {
        return Stream.of(TlsProvider.jsse(), TlsProvider.conscrypt().orElseThrow());
    }
}
