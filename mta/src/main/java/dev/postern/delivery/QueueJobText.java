package dev.postern.delivery;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.delivery.QueueActions.Tally;
import dev.postern.delivery.QueueJob.Order;
import dev.postern.delivery.QueueJob.State;
import dev.postern.dns.DomainName;
import dev.postern.queue.QueueFilter;
import dev.postern.spool.QueueId;
import dev.postern.spool.Via;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/// Jobs as lines of text. It is read whole or not at all.
public final class QueueJobText {
    /// Octets of the longest text that is read; that of all jobs that are kept is shorter.
    public static final int LONGEST = 4 << 20;

    private static final String HEADER = "postern-jobs 1";
    private static final String END = "end ";

    private QueueJobText() {}

    /// The jobs as text.
    static String of(List<QueueJob> jobs) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        jobs.forEach(job -> text.append(line(job)).append('\n'));
        return text.append(END).append(jobs.size()).append('\n').toString();
    }

    private static String line(QueueJob job) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("number", Long.toString(job.number()));
        fields.put("began", job.began().toString());
        fields.put("state", word(job.state()));
        fields.putAll(words(job.order().action()));
        fields.putAll(words(job.order().filter()));
        fields.put("through", job.through().toString());
        job.after().ifPresent(id -> fields.put("after", id.toString()));
        if (!job.again().isEmpty()) {
            fields.put("again", job.again().stream().map(QueueId::toString).collect(Collectors.joining(",")));
        }
        fields.put("done", Long.toString(job.tally().done()));
        fields.put("busy", Long.toString(job.tally().busy()));
        fields.put("held", Long.toString(job.tally().held()));
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining(" "));
    }

    /// A state as a word.
    public static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /// An action as words by their names, `action` first.
    public static Map<String, String> words(Action action) {
        Map<String, String> words = new LinkedHashMap<>();
        switch (action) {
            case Action.Retry() -> words.put("action", "retry");
            case Action.RetryFor(DomainName domain) -> {
                words.put("action", "retry-for");
                words.put("domain", domain.text());
            }
            case Action.Hold() -> words.put("action", "hold");
            case Action.Release() -> words.put("action", "release");
            case Action.Remove() -> words.put("action", "remove");
            case Action.Move(Optional<Via> via) -> {
                words.put("action", "move");
                via.ifPresent(to -> {
                    words.put("via", to.toString());
                    words.put("proven", Boolean.toString(to.proven()));
                });
            }
            case Action.Expire(Optional<Instant> end) -> {
                words.put("action", "expire");
                end.ifPresent(time -> words.put("end", time.toString()));
            }
            case Action.Bounce(String why) -> {
                words.put("action", "bounce");
                words.put("why", why);
            }
        }
        return words;
    }

    /// A filter as words by their names.
    public static Map<String, String> words(QueueFilter filter) {
        Map<String, String> words = new LinkedHashMap<>();
        filter.to().ifPresent(text -> words.put("to", text));
        filter.from().ifPresent(text -> words.put("from", text));
        filter.lane().ifPresent(text -> words.put("lane", text));
        filter.arrivedBefore().ifPresent(time -> words.put("arrived-before", time.toString()));
        filter.error().ifPresent(text -> words.put("error", text));
        filter.held().ifPresent(wanted -> words.put("is-held", wanted.toString()));
        return words;
    }

    /// Reads a text.
    ///
    ///     text    = "postern-jobs 1" LF *(job LF) "end " count LF
    ///     job     = field *(SP field)
    ///     field   = name "=" value            ; as in the query of a URL
    ///
    /// @throws IllegalArgumentException with a sentence, if it is something else
    static List<QueueJob> parse(byte[] octets) {
        List<String> lines = List.of(new String(octets, StandardCharsets.UTF_8).split("\n", -1));
        int last = lines.size() - 2;
        if (octets.length > LONGEST
                || last < 1
                || !lines.getFirst().equals(HEADER)
                || !lines.getLast().isEmpty()
                || !lines.get(last).equals(END + (last - 1))) {
            throw new IllegalArgumentException("it is not such a list, or only a part of one");
        }
        List<QueueJob> jobs = new ArrayList<>();
        for (String line : lines.subList(1, last)) {
            try {
                jobs.add(job(fields(line)));
            } catch (DateTimeException | NoSuchElementException e) {
                throw new IllegalArgumentException("a job lacks something", e);
            }
        }
        return jobs;
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : line.split(" ", -1)) {
            int sign = field.indexOf('=');
            if (sign < 1) {
                throw new IllegalArgumentException("a field of a job has no name");
            }
            fields.put(field.substring(0, sign), URLDecoder.decode(field.substring(sign + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static QueueJob job(Map<String, String> fields) {
        List<QueueId> again = maybe(fields, "again")
                .map(text -> Arrays.stream(text.split(",", -1))
                        .map(one -> QueueId.parse(one).orElseThrow())
                        .toList())
                .orElse(List.of());
        return new QueueJob(
                Long.parseLong(must(fields, "number")),
                Instant.parse(must(fields, "began")),
                new Order(filter(fields), action(fields)),
                QueueId.parse(must(fields, "through")).orElseThrow(),
                maybe(fields, "after").map(text -> QueueId.parse(text).orElseThrow()),
                again,
                new Tally(number(fields, "done"), number(fields, "busy"), number(fields, "held")),
                State.valueOf(must(fields, "state").toUpperCase(Locale.ROOT)));
    }

    private static Action action(Map<String, String> fields) {
        String word = must(fields, "action");
        return switch (word) {
            case "retry" -> new Action.Retry();
            case "retry-for" ->
                new Action.RetryFor(DomainName.parse(must(fields, "domain")).orElseThrow());
            case "hold" -> new Action.Hold();
            case "release" -> new Action.Release();
            case "remove" -> new Action.Remove();
            case "move" ->
                new Action.Move(maybe(fields, "via")
                        .map(text -> Via.parse(text, Boolean.parseBoolean(must(fields, "proven")))
                                .orElseThrow()));
            case "expire" -> new Action.Expire(maybe(fields, "end").map(Instant::parse));
            case "bounce" -> new Action.Bounce(must(fields, "why"));
            default -> throw new IllegalArgumentException("there is no action \"" + word + "\"");
        };
    }

    private static QueueFilter filter(Map<String, String> fields) {
        return new QueueFilter(
                maybe(fields, "to"),
                maybe(fields, "from"),
                maybe(fields, "lane"),
                maybe(fields, "arrived-before").map(Instant::parse),
                maybe(fields, "error"),
                maybe(fields, "is-held").map(Boolean::valueOf));
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(must(fields, name));
    }

    private static String must(Map<String, String> fields, String name) {
        return maybe(fields, name).orElseThrow();
    }

    private static Optional<String> maybe(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
