package dev.postern.zonerecords;

import java.util.List;
import java.util.Optional;

/// How one of our records stands in DNS.
///
/// @param subject what it is for and where it stands
/// @param mark whether it is right
/// @param words what there is to say, for humans
/// @param texts as it should be and as it is
/// @param change what would make it right and may be done by us; empty: nothing
public record Finding(Subject subject, Mark mark, List<String> words, Texts texts, Optional<RecordChange<?>> change) {
    public Finding {
        words = List.copyOf(words);
    }

    /// What a record is for and where it stands.
    ///
    /// @param purpose in a word or two, such as `SPF`
    /// @param name of the record, or the address that a name should have
    /// @param type in master files
    public record Subject(String purpose, String name, String type) {}

    /// How it should be and how it is.
    ///
    /// @param wanted lines of a master file; none where only somebody else knows
    /// @param published data of records, as in master files, of all servers together; a stranger's words
    public record Texts(List<String> wanted, List<String> published) {
        public Texts {
            wanted = List.copyOf(wanted);
            published = List.copyOf(published);
        }
    }
}
