package dev.postern.dns.client;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;

/// A name and the type of its records that is asked for.
record Question(DomainName name, RecordType<?> type) {
    @Override
    public String toString() {
        return type + " " + name;
    }
}
