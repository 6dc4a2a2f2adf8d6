package dev.postern.spool.rocks;

import dev.postern.event.Decision;
import dev.postern.spool.rocks.RecordReader.Malformed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The form in which decisions lie in the column family `decision`: one record a call of `Explain`.
final class DecisionRecord {
    /// The version that is written; the only one that is read.
    static final int VERSION = 1;

    private DecisionRecord() {}

    static byte[] encode(List<Decision> decisions) {
        RecordWriter out = new RecordWriter().u8(VERSION).varint(decisions.size());
        for (Decision decision : decisions) {
            out.instant(decision.at()).text(decision.stage()).text(decision.rule());
            out.text(decision.verdict()).text(decision.why());
            out.varint(decision.inputs().size());
            decision.inputs().forEach((name, value) -> out.text(name).text(value));
        }
        return out.toOctets();
    }

    /// @throws Malformed if the octets are not a record of a known version
    static List<Decision> decode(byte[] record) throws Malformed {
        RecordReader in = new RecordReader(record);
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("it has record version " + version + ", this Postern reads version " + VERSION
                    + ": a newer Postern may have written it");
        }
        int count = in.varint(record.length);
        List<Decision> decisions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Instant at = in.instant();
            String stage = in.text();
            String rule = in.text();
            String verdict = in.text();
            String why = in.text();
            Map<String, String> inputs = new LinkedHashMap<>();
            for (int left = in.varint(record.length); left > 0; left--) {
                inputs.put(in.text(), in.text());
            }
            decisions.add(new Decision(at, stage, rule, verdict, why, inputs));
        }
        in.end();
        return decisions;
    }
}
