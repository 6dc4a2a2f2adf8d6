package dev.postern.dns;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A part of the domain name system in memory, read from a small master file (RFC 1035 §5.1).
///
/// ```
/// $ORIGIN example.org.
/// $TTL 5m
/// $AUTHENTIC yes        ; what follows counts as vouched for by DNSSEC
/// @        MX   10 mx
/// mx       A    192.0.2.1
///          AAAA 2001:db8::1
/// $AUTHENTIC no
/// slow     TIMEOUT      ; no question about this name is ever answered
/// broken   SERVFAIL MX  ; questions for its MX fail, others find what is here
/// ```
///
/// Without `$ORIGIN` every name is absolute. A name that has neither records nor names below it does not exist. Types
/// that nobody asks for (SOA, SRV, CAA and those of DNSSEC) are skipped; wildcards are not known.
///
/// @spec https://www.rfc-editor.org/rfc/rfc1035 RFC 1035
public final class Zone {
    /// How long "there is nothing" may be kept.
    public static final Duration NEGATIVE_TTL = Duration.ofMinutes(1);

    private final Map<DomainName, Node> nodes;
    private final Set<DomainName> enclosing = new HashSet<>();

    Zone(Map<DomainName, Node> nodes) {
        this.nodes = Map.copyOf(nodes);
        for (DomainName name : this.nodes.keySet()) {
            Optional<DomainName> above = name.parent();
            while (above.isPresent() && enclosing.add(above.get())) {
                above = above.get().parent();
            }
        }
    }

    /// What a text was read as.
    public sealed interface Reading {}

    /// The text is a master file.
    public record Good(Zone zone) implements Reading {}

    /// The text is none.
    ///
    /// @param faults all of them, at least one, in the order of the text
    public record Bad(List<Fault> faults) implements Reading {
        public Bad {
            faults = List.copyOf(faults);
        }
    }

    /// What is wrong in a text, and where.
    ///
    /// @param line the line, from 1
    /// @param column the column, from 1
    /// @param what a sentence that says what to write instead
    public record Fault(int line, int column, String what) {
        @Override
        public String toString() {
            return "line " + line + ", column " + column + ": " + what;
        }
    }

    /// Reads a master file.
    public static Reading parse(String text) {
        return new ZoneParser(text).read();
    }

    /// Reads a master file that is known to be right.
    ///
    /// @throws IllegalArgumentException if it is not, with all its faults
    public static Zone of(String text) {
        return switch (parse(text)) {
            case Good good -> good.zone();
            case Bad bad ->
                throw new IllegalArgumentException(
                        bad.faults().stream().map(Fault::toString).collect(Collectors.joining("\n")));
        };
    }

    /// What this zone holds for one name and type, before any alias is followed.
    ///
    /// @param <R> what one record holds
    public sealed interface Step<R> {}

    /// Records, at least one.
    public record Records<R>(List<R> records, Duration ttl, boolean authentic) implements Step<R> {}

    /// The name is an alias of another.
    public record Alias<R>(DomainName target, Duration ttl, boolean authentic) implements Step<R> {}

    /// The name exists, without records of this type.
    public record NoData<R>(boolean authentic) implements Step<R> {}

    /// The name does not exist.
    public record NoDomain<R>(boolean authentic) implements Step<R> {}

    /// The question is to fail.
    public record Failure<R>(Trouble trouble) implements Step<R> {}

    /// How a question fails.
    public enum Trouble {
        /// The server says that it cannot answer.
        SERVFAIL,
        /// Nothing answers.
        TIMEOUT
    }

    /// What this zone holds for one name and type, before any alias is followed.
    public <R> Step<R> step(DomainName name, RecordType<R> type) {
        Node node = nodes.get(name);
        if (node == null) {
            boolean authentic = isAuthentic(name);
            return enclosing.contains(name) ? new NoData<>(authentic) : new NoDomain<>(authentic);
        }
        Optional<Trouble> trouble = node.trouble(type);
        if (trouble.isPresent()) {
            return new Failure<>(trouble.get());
        }
        Optional<RecordSet<R>> set = node.set(type);
        if (set.isPresent()) {
            return new Records<>(set.get().records(), set.get().ttl(), node.authentic());
        }
        Optional<RecordSet<DomainName>> alias = node.set(RecordType.CNAME);
        if (alias.isPresent()) {
            return new Alias<>(alias.get().records().getFirst(), alias.get().ttl(), node.authentic());
        }
        return new NoData<>(node.authentic());
    }

    /// Whether DNSSEC would prove that a name is absent: as the nearest name above it that has records.
    private boolean isAuthentic(DomainName absent) {
        for (Optional<DomainName> above = absent.parent();
                above.isPresent();
                above = above.get().parent()) {
            Node node = nodes.get(above.get());
            if (node != null) {
                return node.authentic();
            }
        }
        return false;
    }

    /// The records of one type at one name.
    record RecordSet<R>(List<R> records, Duration ttl) {
        RecordSet {
            records = List.copyOf(records);
        }
    }

    /// All that one name has.
    ///
    /// @param troubles by type; a trouble of every type stands in `allTypes`
    record Node(
            boolean authentic,
            Map<RecordType<?>, RecordSet<?>> sets,
            Map<RecordType<?>, Trouble> troubles,
            Optional<Trouble> allTypes) {
        Node {
            sets = Map.copyOf(sets);
            troubles = Map.copyOf(troubles);
        }

        Optional<Trouble> trouble(RecordType<?> type) {
            return Optional.ofNullable(troubles.get(type)).or(() -> allTypes);
        }

        /// The parser files each set under the type that its records have, so the cast holds.
        @SuppressWarnings("unchecked")
        <R> Optional<RecordSet<R>> set(RecordType<R> type) {
            return Optional.ofNullable((RecordSet<R>) sets.get(type));
        }
    }
}
