package dev.postern.documents;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The standards that `doc/rfc/index.tsv` lists: one a line, columns divided by tabs, of which the first is the number
/// and one after it the status. A line that starts with `#` is a remark.
///
/// @param numbers the listed RFC numbers, without leading zeros
public record RfcIndex(Set<String> numbers) {

    /// `RFC 5321`, `@rfc 5321`, `@spec rfc5321`; not the address type `rfc822` of delivery reports.
    private static final Pattern REFERENCE =
            Pattern.compile("(?:\\bRFCs?[ \\u00a0-]?|@rfc\\s+|@spec\\s+\\S*rfc/?)([1-9]\\d{2,4})\\b");
    private static final Set<String> STATUSES = Set.of("yes", "partial", "planned", "no");

    public RfcIndex {
        numbers = Set.copyOf(numbers);
    }

    /// Reads the index.
    ///
    /// @throws IllegalArgumentException when a line has no number or status, or a number stands twice
    public static RfcIndex parse(List<String> lines) {
        Set<String> numbers = new TreeSet<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.split("\t", -1);
            if (Arrays.stream(columns).skip(1).noneMatch(STATUSES::contains)) {
                throw new IllegalArgumentException(
                        "not NUMBER and a status of %s, divided by tabs: %s".formatted(STATUSES, line));
            }
            if (!numbers.add(columns[0])) {
                throw new IllegalArgumentException("twice in the index: " + columns[0]);
            }
        }
        return new RfcIndex(numbers);
    }

    /// The RFC numbers that a text refers to and this index does not list.
    public SortedSet<String> unlisted(String text) {
        return REFERENCE
                .matcher(text)
                .results()
                .map(reference -> reference.group(1))
                .filter(number -> !numbers.contains(number))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
