package dev.postern.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The sections of a standard and the tests that hold them, as `doc/rfc/5321.tsv` lists them: section, what it asks,
/// status and proofs, divided by tabs. A line that starts with `#` is a remark.
///
/// @param sections in the order of the file
public record SectionIndex(List<Section> sections) {
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d?(?:\\.\\d{1,2})+");
    private static final Set<String> STATUSES = Set.of("yes", "partial", "no");

    /// One section.
    ///
    /// @param proofs tests that hold it; none only where the status is `no`
    public record Section(String number, String status, List<String> proofs) {
        /// @throws IllegalArgumentException if a part is not what it must be
        public Section {
            proofs = List.copyOf(proofs);
            if (!NUMBER.matcher(number).matches() || !STATUSES.contains(status)) {
                throw new IllegalArgumentException("not a section and its status: " + number + " " + status);
            }
            if (proofs.isEmpty() != status.equals("no")) {
                throw new IllegalArgumentException("proofs and status of " + number + " do not fit");
            }
        }
    }

    public SectionIndex {
        sections = List.copyOf(sections);
    }

    /// Reads the index.
    ///
    /// @throws IllegalArgumentException when a line is none, or a section stands twice
    public static SectionIndex parse(List<String> lines) {
        List<Section> sections = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] columns = line.split("\t", -1);
                if (columns.length != 4) {
                    throw new IllegalArgumentException("not four columns divided by tabs: " + line);
                }
                List<String> proofs = columns[3].isEmpty() ? List.of() : List.of(columns[3].split(", "));
                sections.add(new Section(columns[0], columns[2], proofs));
            }
        }
        if (sections.stream().map(Section::number).distinct().count() < sections.size()) {
            throw new IllegalArgumentException("a section stands twice");
        }
        return new SectionIndex(sections);
    }

    /// Whether a section, a part of it or what it is part of is listed.
    public boolean lists(String number) {
        return sections.stream()
                .map(Section::number)
                .anyMatch(listed ->
                        listed.equals(number) || listed.startsWith(number + ".") || number.startsWith(listed + "."));
    }
}
