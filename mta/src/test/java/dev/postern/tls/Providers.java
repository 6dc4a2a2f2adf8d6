package dev.postern.tls;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// The implementations of TLS that every test of TLS runs with.
public final class Providers {
    private Providers() {}

    /// Each of them.
    public static Stream<TlsProvider> all() {
        return Stream.of(TlsProvider.jsse(), TlsProvider.conscrypt().orElseThrow());
    }

    /// Each of them with TLS 1.2 and with TLS 1.3.
    static Stream<Arguments> versions() {
        return all().flatMap(
                        provider -> Stream.of("TLSv1.2", "TLSv1.3").map(version -> Arguments.of(provider, version)));
    }
}
