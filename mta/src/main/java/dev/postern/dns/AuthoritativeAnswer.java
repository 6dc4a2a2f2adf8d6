package dev.postern.dns;

import java.time.Duration;
import java.util.List;

/// What one name server said to a question that it was asked directly, out of its own zones.
///
/// @param <R> what one record holds
public sealed interface AuthoritativeAnswer<R> {
    /// Records exist.
    ///
    /// @param records at least one, in the order of the answer
    /// @param ttl how long others keep them
    record Found<R>(List<R> records, Duration ttl) implements AuthoritativeAnswer<R> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("found nothing");
            }
        }
    }

    /// The name is an alias; the server was not believed about what it leads to, which may be another's.
    ///
    /// @param ttl how long others keep it
    record Alias<R>(DomainName target, Duration ttl) implements AuthoritativeAnswer<R> {}

    /// The name exists, but has no record of this type.
    ///
    /// @param ttl how long others keep that (RFC 2308 §5); zero where the answer does not say
    record NoData<R>(Duration ttl) implements AuthoritativeAnswer<R> {}

    /// The name does not exist (NXDOMAIN).
    ///
    /// @param ttl as with {@link NoData}
    record NoDomain<R>(Duration ttl) implements AuthoritativeAnswer<R> {}

    /// The server does not speak for the name: it refers to others, or repeats what it has heard.
    record NotAuthoritative<R>() implements AuthoritativeAnswer<R> {}

    /// It does not answer, or with a failure.
    ///
    /// @param why a few words for a human
    record Failed<R>(String why) implements AuthoritativeAnswer<R> {}

    /// This machine has no way to the address, such as IPv6 where it has only IPv4; nobody was asked.
    record NoRoute<R>() implements AuthoritativeAnswer<R> {}
}
