package dev.postern.app;

import dev.postern.admin.ControlHandler;
import dev.postern.admin.ControlRequest;
import dev.postern.event.Decision;
import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    private final QueueOperations queue;

    AdminCommands(Spool spool, QueueOperations queue) {
        this.spool = spool;
        this.queue = queue;
    }

    @Override
    public void handle(ControlRequest request, Consumer<Object> answer) throws IOException {
        Map<String, String> arguments = request.arguments();
        switch (request.command()) {
            case "queue-list" -> list(arguments, answer);
            case "queue-show" -> show(id(arguments), answer);
            case "explain" -> explain(id(arguments), answer);
            default -> throw new IllegalArgumentException("no such command: " + request.command());
        }
    }

    private static QueueId id(Map<String, String> arguments) {
        String text = Optional.ofNullable(arguments.get("id")).orElse("");
        return QueueId.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not an id such as 0d3kx2m1q0g00"));
    }

    private void list(Map<String, String> arguments, Consumer<Object> answer) throws IOException {
        int limit = Integer.parseInt(arguments.getOrDefault("limit", "100"));
        List<SpooledMessage> found = new ArrayList<>();
        queue.find(
                QueueFilter.of(arguments),
                Optional.ofNullable(arguments.get("after")).flatMap(QueueId::parse),
                message -> {
                    found.add(message);
                    return found.size() < limit;
                });
        found.forEach(message -> answer.accept(summary(message)));
        answer.accept(Map.of("messages", spool.count()));
    }

    private void show(QueueId id, Consumer<Object> answer) throws IOException {
        SpooledMessage message = spool.find(id)
                .orElseThrow(() -> new IllegalArgumentException("there is no message " + id + " in the queue"));
        Map<String, Object> all = summary(message);
        all.put("header", header(message));
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

    private static Map<String, Object> summary(SpooledMessage message) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", message.id().toString());
        shown.put("arrived", message.arrived().toString());
        shown.put("size", message.size());
        shown.put("from", message.reversePath().toString());
        shown.put("door", message.origin().door());
        message.origin().user().ifPresent(user -> shown.put("user", user));
        shown.put("held", message.held());
        shown.put(
                "recipients",
                message.recipients().stream().map(AdminCommands::recipient).toList());
        return shown;
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
            case RecipientState.Status.Failed failed -> {
                shown.put("status", "failed");
                shown.put("problem", failed.why());
            }
        }
        return shown;
    }
}
