package dev.postern.dns;

import java.net.InetAddress;

/// Asks one name server for what it has in its own zones, past every cache; blocks its (virtual) thread for a bounded
/// time and never throws for what DNS does.
public interface AuthoritativeResolver {
    /// What the server at this address says to one question; aliases are told, not followed.
    <R> AuthoritativeAnswer<R> ask(InetAddress server, DomainName name, RecordType<R> type);
}
