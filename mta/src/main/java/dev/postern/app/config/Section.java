package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.policy.Network;
import dev.postern.policy.NetworkSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/// One table of the configuration file while it is read. It remembers which keys it was asked for,
/// so that {@link #finish} can name those that nobody knows; what is wrong becomes a fault, and the
/// reader goes on with the default.
final class Section {
    private static final int FAR = 3;

    /// A century: sums of a few still count in nanoseconds.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final @Nullable TomlTable table;
    private final String path;
    private final String title;
    private final Reading reading;
    private final Set<String> known = new TreeSet<>();

    /// What is shared by all sections of one reading.
    ///
    /// @param file the file that is read
    /// @param faults grows while it is read
    /// @param keys the full paths of all keys that were asked for
    record Reading(Path file, List<Fault> faults, Set<String> keys) {}

    Section(@Nullable TomlTable table, String path, Reading reading) {
        this(table, path, path, reading);
    }

    /// @param path what the manual calls it
    /// @param title what the file calls it
    private Section(@Nullable TomlTable table, String path, String title, Reading reading) {
        this.table = table;
        this.path = path;
        this.title = title;
        this.reading = reading;
    }

    /// Notes a fault at a key of this section.
    void fault(String key, String message) {
        fault(List.of(key), message);
    }

    /// Notes a fault at one of the {@link #pairs} of a section within this one.
    void fault(String key, String pair, String message) {
        fault(List.of(key, pair), message);
    }

    private void fault(List<String> keys, String message) {
        TomlPosition at = table == null ? null : table.inputPositionOf(keys);
        if (at == null && keys.size() > 1) {
            // A name in another spelling than the file's.
            fault(keys.getFirst(), message);
            return;
        }
        reading.faults()
                .add(new Fault(reading.file(), at == null ? 0 : at.line(), at == null ? 0 : at.column(), message));
    }

    private @Nullable Object ask(String key) {
        known.add(key);
        reading.keys().add(path.isEmpty() ? key : path + "." + key);
        return table == null ? null : table.get(List.of(key));
    }

    private <T> Optional<T> wrong(String key, String expected) {
        fault(key, "\"" + name(key) + "\" must be " + expected);
        return Optional.empty();
    }

    private String name(String key) {
        return title.isEmpty() ? key : title + "." + key;
    }

    /// A text.
    Optional<String> string(String key) {
        Object value = ask(key);
        if (value == null) {
            return Optional.empty();
        }
        return value instanceof String text && isPrintable(text)
                ? Optional.of(text)
                : wrong(key, "a text in quotes, such as \"…\"");
    }

    /// Neither blank nor with control characters, which no value here can have.
    private static boolean isPrintable(String text) {
        return !text.isBlank() && text.chars().noneMatch(Character::isISOControl);
    }

    /// A text that has a form of its own.
    ///
    /// @param expected what it must be, as the end of a sentence
    <T> Optional<T> parsed(String key, String expected, Function<String, Optional<T>> parser) {
        return parsed(key, () -> expected, parser);
    }

    /// A text that has a form of its own.
    ///
    /// @param expected what it must be, as the end of a sentence; asked where it is not
    <T> Optional<T> parsed(String key, Supplier<String> expected, Function<String, Optional<T>> parser) {
        Object given = ask(key);
        if (given == null) {
            return Optional.empty();
        }
        if (!(given instanceof String text) || !isPrintable(text)) {
            return wrong(key, expected.get() + ", in quotes");
        }
        Optional<T> value = parser.apply(text);
        return value.isPresent() ? value : wrong(key, expected.get() + ", not \"" + text + "\"");
    }

    /// A list of texts, or one text.
    List<String> strings(String key) {
        Object value = ask(key);
        return switch (value) {
            case null -> List.of();
            case String one when isPrintable(one) -> List.of(one);
            case TomlArray array
            when array.toList().stream()
                    .allMatch(one -> one instanceof String text && text.chars().noneMatch(Character::isISOControl)) ->
                array.toList().stream().map(String.class::cast).toList();
            default ->
                this.<List<String>>wrong(key, "a list of texts, such as [\"a\", \"b\"]")
                        .orElse(List.of());
        };
    }

    /// A list of texts that have a form of their own.
    <T> List<T> parsedList(String key, String expected, Function<String, Optional<T>> parser) {
        List<T> values = new ArrayList<>();
        for (String text : strings(key)) {
            parser.apply(text)
                    .ifPresentOrElse(
                            values::add,
                            () -> fault(key, "in \"" + name(key) + "\", \"" + text + "\" is not " + expected));
        }
        return values;
    }

    /// A list of address ranges.
    List<Network> networks(String key) {
        List<Network> networks = new ArrayList<>();
        for (String text : strings(key)) {
            try {
                networks.add(Network.of(text));
            } catch (IllegalArgumentException notNetwork) {
                fault(
                        key,
                        "in \"" + name(key) + "\", \"" + text + "\" is not an address range such as \"192.0.2.0/24\": "
                                + notNetwork.getMessage());
            }
        }
        return networks;
    }

    /// A domain.
    Optional<DomainName> domain(String key) {
        return parsed(key, "a domain name", text -> DomainName.parse(text).filter(DomainName::isHostName));
    }

    /// A list of domains.
    List<DomainName> domains(String key) {
        return parsedList(key, "a domain name", text -> DomainName.parse(text).filter(DomainName::isHostName));
    }

    /// Networks that are meant where the file names none; an empty list in the file is none at all.
    NetworkSet networks(String key, NetworkSet otherwise) {
        List<Network> networks = networks(key);
        return has(key) ? new NetworkSet(networks) : otherwise;
    }

    /// One of a few words.
    String choice(String key, String otherwise, List<String> words) {
        return parsed(
                        key,
                        "one of " + String.join(", ", words),
                        text -> words.contains(text) ? Optional.of(text) : Optional.empty())
                .orElse(otherwise);
    }

    /// A duration of at most a century.
    Duration duration(String key, Duration otherwise) {
        Duration time = parsed(key, "a duration such as \"30s\", \"5m\", \"4h\" or \"5d\"", Quantities::duration)
                .orElse(otherwise);
        if (time.compareTo(LONGEST) > 0) {
            fault(key, "\"" + name(key) + "\" must be at most " + LONGEST.toDays() + "d");
            return otherwise;
        }
        return time;
    }

    /// A duration above zero.
    Duration positive(String key, Duration otherwise) {
        Duration time = duration(key, otherwise);
        if (!time.isPositive()) {
            fault(key, "\"" + name(key) + "\" must be above zero");
            return otherwise;
        }
        return time;
    }

    /// A limit in octets, where `0` stands for any number of them.
    long sizeOrZero(String key, long otherwise) {
        return Long.valueOf(0).equals(ask(key)) ? 0 : size(key, otherwise);
    }

    /// A size in octets.
    long size(String key, long otherwise) {
        return parsed(key, "a size such as \"512KiB\" or \"50MiB\"", text -> {
                    OptionalLong size = Quantities.size(text);
                    return size.isPresent() ? Optional.of(size.getAsLong()) : Optional.<Long>empty();
                })
                .orElse(otherwise);
    }

    /// A whole number within bounds.
    int number(String key, int otherwise, int least, int most) {
        Object value = ask(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return number.intValue();
        }
        wrong(key, "a whole number from " + least + " to " + most);
        return otherwise;
    }

    /// A number with a fraction within bounds.
    double fraction(String key, double otherwise, double least, double most) {
        Object value = ask(key);
        if (value == null) {
            return otherwise;
        }
        double number = switch (value) {
            case Double d -> d;
            case Long l -> l;
            default -> Double.NaN;
        };
        if (number >= least && number <= most) {
            return number;
        }
        wrong(key, "a number from " + least + " to " + most);
        return otherwise;
    }

    /// `true` or `false`.
    boolean flag(String key, boolean otherwise) {
        Object value = ask(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        wrong(key, "true or false");
        return otherwise;
    }

    /// A section within this one; an empty one where the file has none.
    Section section(String key) {
        Object value = ask(key);
        if (value != null && !(value instanceof TomlTable)) {
            wrong(key, "a section, such as [" + name(key) + "]");
        }
        return new Section(
                value instanceof TomlTable inner ? inner : null,
                path.isEmpty() ? key : path + "." + key,
                name(key),
                reading);
    }

    /// The sections within this one, each by a name that the administrator chose; their keys are
    /// noted as `path.NAME.key`.
    ///
    /// @param documented the word that stands for the name in the manual
    Map<String, Section> sections(String key, String documented) {
        Map<String, Section> sections = new LinkedHashMap<>();
        Section outer = section(key);
        if (outer.table != null) {
            for (String name : outer.table.keySet()) {
                if (outer.table.get(List.of(name)) instanceof TomlTable inner) {
                    String quoted = name.indexOf('.') < 0 ? name : "'" + name + "'";
                    sections.put(name, new Section(inner, outer.path + "." + documented, outer.name(quoted), reading));
                } else {
                    outer.fault(
                            name,
                            "\"" + outer.name(name) + "\" must be a section, such as [" + outer.name(documented)
                                    + "] with a " + documented + " of yours");
                }
            }
        }
        return sections;
    }

    /// The texts of a section whose keys the administrator chose, in the order of the file.
    Map<String, String> pairs(String key) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Section outer = section(key);
        if (outer.table != null) {
            for (String name : outer.table.keySet()) {
                if (outer.table.get(List.of(name)) instanceof String text) {
                    pairs.put(name, text);
                } else {
                    outer.fault(name, "\"" + outer.name(name) + "\" must be a text in quotes");
                }
            }
        }
        return pairs;
    }

    /// Whether the file has this key.
    boolean has(String key) {
        return table != null && table.get(List.of(key)) != null;
    }

    /// Whether it holds sections and nothing else, as `[a.b]` makes them of `a`.
    boolean isOfSections() {
        return table != null
                && !table.isEmpty()
                && table.keySet().stream().allMatch(key -> table.get(List.of(key)) instanceof TomlTable);
    }

    /// Whether the file has this section.
    boolean isThere() {
        return table != null;
    }

    /// Names the keys that stand in the file and that nobody asked for.
    void finish() {
        if (table == null) {
            return;
        }
        for (String key : table.keySet()) {
            if (!known.contains(key)) {
                fault(key, "unknown key \"" + name(key) + "\"" + suggestion(key));
            }
        }
    }

    private String suggestion(String key) {
        return known.stream()
                .map(candidate -> Map.entry(distance(key, candidate), candidate))
                .filter(entry -> entry.getKey() <= FAR)
                .min(Map.Entry.comparingByKey())
                .map(entry -> "; did you mean \"" + entry.getValue() + "\"?")
                .orElse("; known here: " + String.join(", ", known));
    }

    /// The number of letters to add, drop or change to make one word of the other (Levenshtein).
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
