package dev.postern.queue;

import dev.postern.queue.Holds.Hold;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Rules that keep mail back, as lines of text. It is read whole or not at all.
public final class HoldText {
    /// Octets of the longest text that is read; that of {@value HoldBook#MOST} rules is shorter.
    public static final int LONGEST = 4 << 20;

    private static final String HEADER = "postern-holds 1";
    private static final String END = "end ";
    private static final int FIELDS = 4;

    private HoldText() {}

    /// The rules as text.
    static String of(List<Hold> holds) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Hold hold : holds) {
            text.append(hold.rule().kind())
                    .append(' ')
                    .append(hold.rule().name())
                    .append(' ')
                    .append(hold.since())
                    .append(' ')
                    .append(hold.why())
                    .append('\n');
        }
        return text.append(END).append(holds.size()).append('\n').toString();
    }

    /// Reads a text.
    ///
    ///     text    = "postern-holds 1" LF *(hold LF) "end " count LF
    ///     hold    = ("lane" / "domain" / "sender") SP name SP since SP why
    ///     since   = an instant of ISO 8601
    ///
    /// @throws IllegalArgumentException with a sentence, if it is something else
    static List<Hold> parse(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        List<String> lines = List.of(text.split("\n", -1));
        int last = lines.size() - 2;
        if (octets.length > LONGEST
                || last < 1
                || !lines.getFirst().equals(HEADER)
                || !lines.getLast().isEmpty()
                || !lines.get(last).equals(END + (last - 1))) {
            throw new IllegalArgumentException("it is not such a list, or only a part of one");
        }
        List<Hold> holds = new ArrayList<>();
        for (String line : lines.subList(1, last)) {
            holds.add(hold(line));
        }
        return holds;
    }

    private static Hold hold(String line) {
        String[] fields = line.split(" ", FIELDS);
        if (fields.length < FIELDS) {
            throw new IllegalArgumentException("a rule has too few fields");
        }
        try {
            return new Hold(HoldRule.of(fields[0], fields[1]), Instant.parse(fields[2]), fields[FIELDS - 1]);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a rule has no time", e);
        }
    }
}
