package dev.postern.app;

import dev.postern.dns.DomainName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a domain publishes, in words for people and in data for programs, and what is wrong with it. Used by one
/// thread.
final class Explanation {
    private final String title;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    /// @param domain what it is about
    /// @param record what stands in DNS; like all texts here it is shown without control characters
    Explanation(DomainName domain, String record) {
        String shown = Output.shown(record);
        this.title = domain + ": " + shown;
        facts.put("domain", domain.text());
        facts.put("record", shown);
    }

    /// A line for people.
    void line(String text) {
        lines.add("  " + Output.shown(text));
    }

    /// A fact for programs.
    void fact(String name, Object value) {
        facts.put(name, value);
    }

    /// Something wrong, for both.
    void fault(String text) {
        faults.add(Output.shown(text));
    }

    /// Whether nothing is wrong.
    boolean isGood() {
        return faults.isEmpty();
    }

    /// For people: lines, the faults last.
    String text() {
        List<String> all = new ArrayList<>(List.of(title));
        all.addAll(lines);
        faults.forEach(fault -> all.add("  wrong: " + fault));
        return String.join("\n", all);
    }

    /// For programs.
    Map<String, Object> data() {
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("faults", faults);
        return all;
    }
}
