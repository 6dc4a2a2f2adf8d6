package dev.postern.app;

import dev.postern.admin.ControlHandler;
import dev.postern.admin.ControlRequest;
import dev.postern.event.Decision;
import dev.postern.queue.QueueFilter;
import dev.postern.queue.QueueView;
import dev.postern.reporting.Reporting;
import dev.postern.smtp.Handling;
import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What the command line asks of the running server.
final class AdminCommands implements ControlHandler {
    private static final int SHOWN_HEADER = 64 << 10;

    private final Spool spool;
    private final QueueWorks works;
    private final QueueOffice office;
    private final Reload reload;
    private final List<Reporting> reporting;
    private final BanCommands bans;

    AdminCommands(Spool spool, QueueWorks works, Server server, InstantSource clock) {
        this.spool = spool;
        this.works = works;
        this.office = new QueueOffice(works, clock);
        this.reload = server.reload();
        this.reporting = server.reporting();
        this.bans = server.bans();
    }

    /// What the running server can be asked for besides its queue.
    record Server(Reload reload, List<Reporting> reporting, BanCommands bans) {
        Server {
            reporting = List.copyOf(reporting);
        }
    }

    /// Reads the configuration again.
    @FunctionalInterface
    interface Reload {
        /// Returns when it is in force.
        ///
        /// @throws IOException with a sentence for the administrator, if the old one stays in force
        void run() throws IOException;
    }

    @Override
    public void handle(ControlRequest request, Consumer<Object> answer) throws IOException {
        Map<String, String> arguments = request.arguments();
        switch (request.command()) {
            case "reload" -> reload.run();
            case "queue-list" -> list(arguments, answer);
            case "queue-show" -> show(id(arguments), answer);
            case "explain" -> explain(id(arguments), answer);
            case "reports-send" -> sendReports(arguments.getOrDefault("day", ""), answer);
            case "ban-list" -> bans.list(answer);
            case "ban-add" -> bans.add(arguments, answer);
            case "ban-remove" -> bans.remove(arguments, answer);
            case "queue-retry",
                    "queue-hold",
                    "queue-release",
                    "queue-remove",
                    "queue-bounce",
                    "queue-move",
                    "queue-expire" -> office.change(request.command().substring("queue-".length()), arguments, answer);
            case "queue-jobs" -> office.jobs(answer);
            case "queue-cancel" -> office.cancel(arguments, answer);
            case "queue-holds" -> office.holds(answer);
            case "queue-pause" -> office.pause(arguments, answer);
            case "queue-resume" -> office.resume(arguments, answer);
            case "queue-top" -> office.top(arguments, answer);
            default -> throw new IllegalArgumentException("no such command: " + request.command());
        }
    }

    private static QueueId id(Map<String, String> arguments) {
        return QueueOffice.id(arguments.getOrDefault("id", ""));
    }

    private void list(Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        int limit = Integer.parseInt(arguments.getOrDefault("limit", "100"));
        QueueFilter filter = office.filter(arguments);
        Optional<QueueId> after = Optional.ofNullable(arguments.get("after")).map(QueueOffice::id);
        int shown = 0;
        do {
            QueueView.Page page = works.actions().view().page(filter, after, limit - shown);
            page.rows().forEach(row -> answer.accept(summary(row)));
            shown += page.rows().size();
            after = page.next();
        } while (after.isPresent() && shown < limit);
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("messages", spool.count());
        after.ifPresent(id -> end.put("next", id.toString()));
        answer.accept(end);
    }

    private void show(QueueId id, Consumer<Object> answer) throws IOException {
        QueueView.Row row = works.actions()
                .view()
                .find(id)
                .orElseThrow(() -> new IllegalArgumentException("there is no message " + id + " in the queue"));
        Map<String, Object> all = summary(row);
        all.put("header", header(row.message()));
        answer.accept(all);
    }

    private String header(SpooledMessage message) throws IOException {
        Content content = spool.content(message.id());
        try (InputStream in = content.open()) {
            String start = message.trace() + new String(in.readNBytes(SHOWN_HEADER), StandardCharsets.ISO_8859_1);
            int end = start.indexOf("\r\n\r\n");
            return (end < 0 ? start : start.substring(0, end)).replace("\r\n", "\n");
        }
    }

    private void explain(QueueId id, Consumer<Object> answer) throws SpoolException {
        for (Decision decision : spool.decisions(id)) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("at", decision.at().toString());
            shown.put("stage", decision.stage());
            shown.put("rule", decision.rule());
            shown.put("verdict", decision.verdict());
            shown.put("why", decision.why());
            shown.put("inputs", decision.inputs());
            answer.accept(shown);
        }
    }

    private void sendReports(String text, Consumer<Object> answer) throws IOException {
        LocalDate day;
        try {
            day = LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a day such as 2026-06-01", e);
        }
        for (Reporting one : reporting) {
            one.sendNow(day).forEach(settled -> answer.accept(ReportsCommand.json(one.counted(), settled)));
        }
    }

    private Map<String, Object> summary(QueueView.Row row) {
        SpooledMessage message = row.message();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", message.id().toString());
        shown.put("arrived", message.arrived().toString());
        shown.put("size", message.size());
        shown.put("from", message.reversePath().toString());
        shown.put("door", message.origin().door());
        message.origin().user().ifPresent(user -> shown.put("user", user));
        shown.put("held", message.held());
        message.orders().end().ifPresent(end -> shown.put("end", end.toString()));
        message.orders().via().ifPresent(via -> shown.put("via", via.toString()));
        handling(message, shown);
        List<Map<String, Object>> recipients = new ArrayList<>();
        for (int i = 0; i < message.recipients().size(); i++) {
            Map<String, Object> recipient = recipient(message.recipients().get(i));
            if (!row.lanes().get(i).isEmpty()) {
                recipient.put("lane", row.lanes().get(i));
                works.holds()
                        .present()
                        .holding(
                                row.lanes().get(i),
                                message.recipients().get(i).recipient().path(),
                                message.reversePath())
                        .ifPresent(rule -> recipient.put("held-by", rule.kind() + " " + rule.name()));
            }
            recipients.add(recipient);
        }
        shown.put("recipients", recipients);
        return shown;
    }

    /// What its sender wants of its way.
    private static void handling(SpooledMessage message, Map<String, Object> shown) {
        Handling handling = message.parameters().handling();
        handling.release()
                .ifPresent(release -> shown.put("release", message.released().toString()));
        message.deliverBy().ifPresent(time -> shown.put("deliver-by", time.toString()));
        handling.priority().ifPresent(priority -> shown.put("priority", priority.value()));
    }

    private static Map<String, Object> recipient(RecipientState state) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("to", state.recipient().path().toString());
        state.originally().ifPresent(original -> shown.put("originally", original));
        switch (state.status()) {
            case RecipientState.Status.Pending pending -> {
                shown.put("status", pending.attempts() == 0 ? "waiting" : "deferred");
                shown.put("attempts", pending.attempts());
                shown.put("due", pending.due().toString());
                pending.lastProblem().ifPresent(problem -> shown.put("problem", problem));
            }
            case RecipientState.Status.Done done -> {
                shown.put("status", "done");
                shown.put("how", done.how());
            }
            case RecipientState.Status.Untold untold -> {
                shown.put("status", "to be told");
                shown.put("due", untold.due().toString());
                shown.put(
                        "problem",
                        untold.notice().status() + " " + untold.notice().why());
            }
            case RecipientState.Status.Failed failed -> {
                shown.put("status", "failed");
                shown.put("problem", failed.why());
            }
        }
        return shown;
    }
}
