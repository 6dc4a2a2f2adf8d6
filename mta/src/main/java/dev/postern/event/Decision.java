package dev.postern.event;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One rule that ran: at which stage, on which inputs, with which verdict and why.
///
/// @param at when the rule ran
/// @param stage the stage of the message's way, in one lower-case word: `connect`, `helo`, `mail`,
///     `rcpt`, `content`, `intake`, `route`, `attempt`, `feedback`
/// @param rule the name of the rule, in lower case with dashes
/// @param verdict what came of it, in one lower-case word
/// @param why a sentence for a human
/// @param inputs what the rule looked at: addresses, DNS answers, counters; in the order of
///     insertion; in both, what is {@link Unprintable} is escaped
public record Decision(Instant at, String stage, String rule, String verdict, String why, Map<String, String> inputs) {
    public Decision {
        why = Unprintable.escaped(why);
        Map<String, String> shown = new LinkedHashMap<>();
        inputs.forEach((name, value) -> shown.put(name, Unprintable.escaped(value)));
        inputs = Collections.unmodifiableMap(shown);
    }
}
