package dev.postern.web;

import java.net.URI;

/// Speaks to other servers by HTTPS; used by any number of threads, blocks for a bounded time and never throws for
/// what another server does.
///
/// It goes to the host that is named and to no other: no redirect is followed, no proxy is used, nothing is
/// remembered from one request to the next, and the certificate must come from somebody who is trusted and be for
/// that host.
public interface WebClient {
    /// Fetches what an address stands for.
    ///
    /// @param address `https`, with the name of a host; another one is not reached
    WebAnswer get(URI address);

    /// Gives octets to what an address stands for.
    ///
    /// @param address `https`, with the name of a host; another one is not reached
    /// @param contentType what they are, such as `application/tlsrpt+gzip`
    WebAnswer post(URI address, String contentType, byte[] octets);

    /// The client of a server that speaks to no other by HTTPS.
    static WebClient none() {
        WebAnswer nobody = new WebAnswer.Unreachable("HTTPS is not spoken here");
        return new WebClient() {
            @Override
            public WebAnswer get(URI address) {
                return nobody;
            }

            @Override
            public WebAnswer post(URI address, String contentType, byte[] octets) {
                return nobody;
            }
        };
    }
}
