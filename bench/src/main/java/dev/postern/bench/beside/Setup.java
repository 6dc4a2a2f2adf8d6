package dev.postern.bench.beside;

/// What a server is set up for, besides taking everything from loopback and handing it to one next hop.
///
/// @param next the port of 127.0.0.1 to which it relays
/// @param keeps whether all that it takes waits
/// @param connections at once to its next hop, at most
/// @param offersTls whether it has a certificate and lets sessions be gone on with
record Setup(int next, boolean keeps, int connections, boolean offersTls) {
    /// Connections at once, where nothing else is said.
    static final int CONNECTIONS = 20;

    /// Takes mail and hands it on.
    static Setup relay(int next) {
        return new Setup(next, false, CONNECTIONS, false);
    }

    /// Takes mail that then waits.
    ///
    /// @param next the port of one who says nothing
    static Setup accept(int next) {
        return new Setup(next, true, CONNECTIONS, false);
    }

    /// The same with another number of connections.
    Setup over(int number) {
        return new Setup(next, keeps, number, offersTls);
    }

    /// The same with TLS for those who want it.
    Setup secured() {
        return new Setup(next, keeps, connections, true);
    }

    /// A configuration with our numbers in the places that it leaves for them.
    ///
    /// @param port on which the server listens
    String fill(String template, int port) {
        return template.replace("@port@", Integer.toString(port))
                .replace("@next@", Integer.toString(next))
                .replace("@connections@", Integer.toString(connections))
                .replace("@keeps@", Boolean.toString(keeps));
    }
}
