package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What stands in an aliases file: names, and whom mail for them goes to.
///
/// ```
/// # a comment
/// info:              alice, bob           # in any domain of ours; targets without @ are names of ours too
/// sales@example.org: carol@example.net,
///     dave                                # a line that begins with a blank goes on
/// @example.org:      alice                # the catch-all: whoever has neither inbox nor alias
/// alice:             alice, eve@example.com   # an alias may keep a copy in the inbox of its own name
/// "odd name":        "other, odd"@example.org
/// staff:             alice, bob
/// owner-staff:       alice                # makes staff a mailing list: reports go to owner-staff (RFC 5321 §3.9.2)
/// tickets:           "|/usr/bin/ticket --new"   # only where programs are allowed
/// ```
///
/// Upper and lower case are the same. This is only what the file says; {@link AddressTable} knows what it means.
public final class Aliases {
    private final Map<Key, Entry> entries;

    Aliases(Collection<Entry> entries) {
        Map<Key, Entry> map = new LinkedHashMap<>();
        entries.forEach(entry -> map.put(entry.key(), entry));
        this.entries = Map.copyOf(map);
    }

    /// The aliases of a server that has none.
    public static Aliases none() {
        return new Aliases(List.of());
    }

    /// What a text was read as.
    public sealed interface Reading {}

    /// The text is an aliases file.
    public record Good(Aliases aliases) implements Reading {}

    /// The text is none.
    ///
    /// @param faults all of them, at least one, in the order of the text
    public record Bad(List<Fault> faults) implements Reading {
        public Bad {
            faults = List.copyOf(faults);
        }
    }

    /// What is wrong in an aliases file, and where.
    ///
    /// @param what a sentence that says what to write instead
    public record Fault(Place place, String what) {
        @Override
        public String toString() {
            return place + ": " + what;
        }
    }

    /// Where something stands in the file.
    ///
    /// @param line the line, from 1
    /// @param column the column, from 1
    public record Place(int line, int column) {
        @Override
        public String toString() {
            return "line " + line + ", column " + column;
        }
    }

    /// Reads an aliases file.
    ///
    /// @param programsAllowed whether an alias may start a program
    public static Reading parse(String text, boolean programsAllowed) {
        return new AliasParser(text, programsAllowed).read();
    }

    /// What an alias is for.
    sealed interface Key {
        /// A name in every domain of ours, in its canonical form.
        record Name(String local) implements Key {
            @Override
            public String toString() {
                return local;
            }
        }

        /// One address, its local part in its canonical form.
        record Address(String local, DomainName domain) implements Key {
            @Override
            public String toString() {
                return local + "@" + domain;
            }
        }

        /// Whatever else is addressed to one domain.
        record CatchAll(DomainName domain) implements Key {
            @Override
            public String toString() {
                return "@" + domain;
            }
        }
    }

    /// Whom one alias goes to.
    sealed interface Target {
        Place place();

        /// A name of ours, in its canonical form.
        record Name(String local, Place place) implements Target {}

        /// An address, of ours or elsewhere, as written.
        record Address(Mailbox mailbox, Place place) implements Target {}

        /// A program.
        record Run(Program program, Place place) implements Target {}
    }

    /// One alias.
    record Entry(Key key, Place place, List<Target> targets) {
        Entry {
            targets = List.copyOf(targets);
        }
    }

    /// The alias of one address: its own before the one of its name.
    Optional<Entry> of(String local, DomainName domain) {
        return Optional.ofNullable(entries.get(new Key.Address(local, domain)))
                .or(() -> Optional.ofNullable(entries.get(new Key.Name(local))));
    }

    /// The catch-all of a domain.
    Optional<Entry> catchAll(DomainName domain) {
        return Optional.ofNullable(entries.get(new Key.CatchAll(domain)));
    }

    /// All of them.
    Collection<Entry> entries() {
        return entries.values();
    }
}
