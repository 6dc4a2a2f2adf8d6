package dev.postern.app;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.delivery.QueueActions.Result;
import dev.postern.delivery.QueueActions.Tally;
import dev.postern.delivery.QueueJob;
import dev.postern.delivery.QueueJobText;
import dev.postern.queue.Census;
import dev.postern.queue.HoldBook;
import dev.postern.queue.HoldRule;
import dev.postern.queue.Holds.Hold;
import dev.postern.queue.Lane;
import dev.postern.queue.QueueFilter;
import dev.postern.spool.QueueId;
import dev.postern.spool.Via;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What the command line changes in the running server's queue, and what it shows of it as a whole.
final class QueueOffice {
    private static final Duration BETWEEN_NEWS = Duration.ofSeconds(1);
    private static final Duration LATEST_END = Duration.ofDays(366);
    private static final String GIVEN_UP = "the administrator has given up on it";

    private final QueueWorks works;
    private final InstantSource clock;

    QueueOffice(QueueWorks works, InstantSource clock) {
        this.works = works;
        this.clock = clock;
    }

    /// The id that a text is.
    static QueueId id(String text) {
        return QueueId.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not an id such as 1m85314vz0000"));
    }

    /// Which messages are meant.
    QueueFilter filter(Map<String, String> arguments) {
        return new QueueFilter(
                Optional.ofNullable(arguments.get("to")),
                Optional.ofNullable(arguments.get("from")),
                Optional.ofNullable(arguments.get("lane")),
                Optional.ofNullable(arguments.get("older-than"))
                        .map(seconds -> clock.instant().minusSeconds(number(seconds))),
                Optional.ofNullable(arguments.get("error")),
                Optional.empty());
    }

    /// Does something to messages: at once to those that are named by their ids, as a job to all that a filter means.
    ///
    /// @param what the action in a word
    void change(String what, Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        Action action = action(what, arguments);
        if (arguments.containsKey("ids")) {
            answer.accept(shown(changeEach(arguments.get("ids"), action)));
            return;
        }
        QueueJob job = works.jobs().begin(new QueueJob.Order(filter(arguments), action));
        if (arguments.containsKey("detach")) {
            answer.accept(shown(job));
        } else {
            follow(job, answer);
        }
    }

    private Action action(String what, Map<String, String> arguments) {
        return switch (what) {
            case "retry" -> new Action.Retry();
            case "hold" -> new Action.Hold();
            case "release" -> new Action.Release();
            case "remove" -> new Action.Remove();
            case "bounce" -> new Action.Bounce(arguments.getOrDefault("why", GIVEN_UP));
            case "move" ->
                new Action.Move(Optional.ofNullable(arguments.get("via")).map(text -> via(text, arguments)));
            case "expire" ->
                new Action.Expire(Optional.ofNullable(arguments.get("end")).map(this::end));
            default -> throw new IllegalArgumentException("no such command: queue-" + what);
        };
    }

    private static Via via(String text, Map<String, String> arguments) {
        return Via.parse(text, !arguments.getOrDefault("tls", "").equals("opportunistic"))
                .orElseThrow(() -> new IllegalArgumentException("\"" + text
                        + "\" is no next hop such as relay.example.org, relay.example.org:2525 or [192.0.2.1]:25"));
    }

    private Instant end(String text) {
        Instant end;
        try {
            end = Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a time such as 2026-06-01T12:00:00Z", e);
        }
        if (end.isBefore(Instant.EPOCH) || end.isAfter(clock.instant().plus(LATEST_END))) {
            throw new IllegalArgumentException(
                    text + " is too far away: messages are given up within " + LATEST_END.toDays() + " days");
        }
        return end;
    }

    private Tally changeEach(String ids, Action action) throws IOException {
        Tally tally = Tally.NONE;
        for (String text : ids.split(",", -1)) {
            QueueId id = id(text);
            Result result = works.actions().apply(id, action);
            if (result == Result.UNKNOWN) {
                throw new IllegalArgumentException("there is no message " + id + " in the queue");
            }
            tally = tally.and(result);
        }
        return tally;
    }

    /// Tells how a job goes until it ends; the job goes on if nobody listens any more.
    private void follow(QueueJob begun, Consumer<Object> answer) {
        QueueJob job = begun;
        while (job.state() == QueueJob.State.RUNNING) {
            QueueJob now = works.jobs().await(job.number(), BETWEEN_NEWS).orElse(job);
            if (now.state() == QueueJob.State.RUNNING) {
                Map<String, Object> news = shown(now);
                news.put("progress", true);
                answer.accept(news);
            }
            job = now;
        }
        Map<String, Object> end = shown(job.tally());
        end.put("job", job.number());
        end.put("state", QueueJobText.word(job.state()));
        answer.accept(end);
    }

    private static Map<String, Object> shown(Tally tally) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("changed", tally.done());
        shown.put("busy", tally.busy());
        shown.put("held", tally.held());
        return shown;
    }

    // Jobs.

    /// The jobs, oldest first.
    void jobs(Consumer<Object> answer) {
        works.jobs().all().forEach(job -> answer.accept(shown(job)));
    }

    /// Ends a job.
    void cancel(Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        long number = number(arguments.getOrDefault("job", ""));
        QueueJob job = works.jobs()
                .cancel(number)
                .orElseThrow(() -> new IllegalArgumentException("there is no job " + number));
        if (job.state() != QueueJob.State.CANCELLED) {
            throw new IllegalArgumentException(
                    "job " + number + " has ended already: " + QueueJobText.word(job.state()));
        }
        answer.accept(shown(job));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
        }
    }

    private Map<String, Object> shown(QueueJob job) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("job", job.number());
        shown.put("state", QueueJobText.word(job.state()));
        shown.put("began", job.began().toString());
        shown.putAll(QueueJobText.words(job.order().action()));
        shown.put("filter", QueueJobText.words(job.order().filter()));
        shown.putAll(shown(job.tally()));
        job.after().ifPresent(id -> {
            shown.put("after", id.toString());
            shown.put("come-to", id.at().toString());
        });
        shown.put("to-come-to", job.through().at().toString());
        return shown;
    }

    // Rules that keep mail back.

    /// The rules.
    void holds(Consumer<Object> answer) {
        works.holds().present().all().forEach(hold -> answer.accept(shown(hold)));
    }

    /// Makes a rule.
    void pause(Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        HoldRule rule = rule(arguments);
        HoldBook holds = works.holds();
        boolean made = holds.hold(works.queue(), rule, arguments.getOrDefault("why", ""));
        Map<String, Object> shown = shown(holds.present().find(rule).orElseThrow());
        shown.put("changed", made);
        answer.accept(shown);
    }

    /// Lifts a rule.
    void resume(Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        HoldRule rule = rule(arguments);
        if (!works.holds().lift(works.queue(), rule)) {
            throw new IllegalArgumentException("mail is not kept back by the " + rule.kind() + " " + rule.name()
                    + "; 'postern queue holds' shows what is");
        }
        answer.accept(Map.of("resumed", rule.name(), "by", rule.kind()));
    }

    private static HoldRule rule(Map<String, String> arguments) {
        return HoldRule.of(arguments.getOrDefault("by", ""), arguments.getOrDefault("name", ""));
    }

    private static Map<String, Object> shown(Hold hold) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("by", hold.rule().kind());
        shown.put("name", hold.rule().name());
        shown.put("since", hold.since().toString());
        if (!hold.why().isEmpty()) {
            shown.put("why", hold.why());
        }
        return shown;
    }

    // The lanes.

    /// Each lane that has work or is remembered, then how much there is in all.
    void top(Map<String, String> arguments, Consumer<Object> answer) {
        Duration patience = Duration.ofMillis(Math.clamp(number(arguments.getOrDefault("patience", "0")), 0, 60_000));
        Optional<Census.Result> census = works.census().look(patience);
        Map<String, Lane.Report> lanes = new TreeMap<>();
        works.queue().lanes().forEach(lane -> lanes.put(lane.name(), lane));
        Map<String, Census.Count> counts = census.map(Census.Result::lanes).orElse(Map.of());
        Set<String> names = new TreeSet<>(lanes.keySet());
        names.addAll(counts.keySet());
        for (String name : names) {
            answer.accept(shown(name, Optional.ofNullable(lanes.get(name)), Optional.ofNullable(counts.get(name))));
        }
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("at", clock.instant().toString());
        end.put("lanes", names.size());
        end.put("active", works.queue().memory().messages());
        census.ifPresent(result -> {
            end.put("messages", result.messages());
            end.put("counted-at", result.at().toString());
            end.put("count-took-ms", result.took().toMillis());
        });
        answer.accept(end);
    }

    private static Map<String, Object> shown(String name, Optional<Lane.Report> lane, Optional<Census.Count> count) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("lane", name);
        lane.ifPresent(report -> {
            shown.put("ready", report.ready());
            shown.put("in-flight", report.inFlight());
            shown.put("backlog", report.backlog());
            shown.put("held", report.held());
            shown.put("delivered", report.delivered());
            shown.put("failed", report.failed());
            shown.put("deferrals", report.deferred());
            report.restsUntil().ifPresent(until -> shown.put("rests-until", until.toString()));
        });
        count.ifPresent(counted -> {
            shown.put("fresh", counted.fresh());
            shown.put("deferred", counted.deferred());
            shown.put("messages-held", counted.held());
            shown.put("oldest", counted.oldest().toString());
            counted.next().ifPresent(next -> shown.put("next", next.toString()));
        });
        lane.map(Lane.Report::problem)
                .filter(problem -> !problem.isEmpty())
                .or(() -> count.flatMap(Census.Count::problem))
                .ifPresent(problem -> shown.put("problem", problem));
        return shown;
    }
}
