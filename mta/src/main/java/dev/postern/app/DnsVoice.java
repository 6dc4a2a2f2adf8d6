package dev.postern.app;

import dev.postern.dns.UpdateAnswer;
import dev.postern.zonerecords.Finding;
import dev.postern.zonerecords.Mark;
import dev.postern.zonerecords.RecordChange;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Tells how our records stand in DNS: a few lines for people, or an object of JSON for each.
///
/// @param json whether it is JSON
record DnsVoice(PrintWriter out, boolean json) {
    /// How a record stands.
    void found(Finding finding) {
        out.println(json ? Output.json(fields(finding)) : text(finding));
    }

    private static String text(Finding finding) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-9s  %-6s  %s  (%s)",
                finding.mark().word(),
                finding.subject().type(),
                finding.subject().name(),
                finding.subject().purpose()));
        finding.words().forEach(words -> text.append("\n    ").append(Output.shown(words)));
        boolean ask = finding.mark() != Mark.RIGHT;
        if (ask || !finding.words().isEmpty()) {
            finding.texts()
                    .published()
                    .forEach(there -> text.append("\n    published:  ").append(Output.shown(there)));
        }
        if (ask) {
            String verb = finding.mark() == Mark.MISSING ? "\n    publish:    " : "\n    should be:  ";
            finding.texts().wanted().forEach(line -> text.append(verb).append(line));
        }
        return text.toString();
    }

    private static Map<String, Object> fields(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", finding.subject().name());
        fields.put("type", finding.subject().type());
        fields.put("purpose", finding.subject().purpose());
        fields.put("mark", finding.mark().word());
        fields.put("wanted", finding.texts().wanted());
        fields.put("published", finding.texts().published());
        fields.put("words", finding.words());
        fields.put("change", finding.change().map(RecordChange::lines).orElse(List.of()));
        return fields;
    }

    /// What will be changed.
    ///
    /// @param taken whether a name server takes it from us
    void planned(RecordChange<?> change, boolean taken) {
        if (json) {
            return; // it stands with what was found
        }
        if (!taken) {
            out.println("by hand (no server in [dns.update] takes changes of " + change.name() + "):");
        }
        change.lines().forEach(line -> out.println((taken ? "" : "  ") + line));
    }

    /// What a name server said to a change.
    void answered(RecordChange<?> change, UpdateAnswer answer) {
        boolean done = answer instanceof UpdateAnswer.Done;
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", change.name().text());
            fields.put("type", change.type().mnemonic());
            fields.put("done", done);
            fields.put("answer", answer.words());
            out.println(Output.json(fields));
            return;
        }
        out.println((done ? "done:   " : "failed: ") + change.type() + " " + change.name()
                + (done ? "" : ": " + Output.shown(answer.words())));
    }

    /// A remark for people.
    void remark(String words) {
        if (!json) {
            out.println(words);
        }
    }
}
