package dev.postern.route;

import dev.postern.dns.DomainName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Values by domain pattern: the closest pattern decides.
final class DomainMap<V> {
    private final Map<DomainPattern, V> values;

    DomainMap(Map<DomainPattern, V> values) {
        this.values = Map.copyOf(values);
    }

    /// The value of the pattern that is closest to a domain: itself, else the longest one that it lies below.
    Optional<V> closest(DomainName domain) {
        Optional<V> found = Optional.ofNullable(values.get(DomainPattern.exactly(domain)));
        for (Optional<DomainName> above = domain.parent(); found.isEmpty() && above.isPresent(); ) {
            found = Optional.ofNullable(values.get(new DomainPattern(above.get(), true)));
            above = above.get().parent();
        }
        return found;
    }

    /// Gathers values; of two for one pattern the first stays.
    static final class Builder<V> {
        private final Map<DomainPattern, V> values = new HashMap<>();

        /// Whether the pattern was new.
        boolean add(DomainPattern pattern, V value) {
            return values.putIfAbsent(pattern, value) == null;
        }

        DomainMap<V> build() {
            return new DomainMap<>(values);
        }
    }
}
