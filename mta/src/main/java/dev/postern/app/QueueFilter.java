package dev.postern.app;

import dev.postern.smtp.ForwardPath;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// Which messages an operator means: all conditions that are given must hold.
///
/// @param ids these messages; none: any
/// @param to words in a pending recipient's address
/// @param from words in the reverse-path; `<>` for the null path
/// @param lane the lane of a pending recipient
/// @param olderThan in the queue for at least this long
/// @param error words in the last problem of a pending recipient
record QueueFilter(
        Set<QueueId> ids,
        Optional<String> to,
        Optional<String> from,
        Optional<String> lane,
        Optional<Duration> olderThan,
        Optional<String> error) {
    QueueFilter {
        ids = Set.copyOf(ids);
    }

    /// The filter that arguments of a command name.
    ///
    /// @throws IllegalArgumentException with a sentence, if an id or a time is none
    static QueueFilter of(Map<String, String> arguments) {
        Set<QueueId> ids = Arrays.stream(arguments.getOrDefault("ids", "").split(",", -1))
                .filter(text -> !text.isEmpty())
                .map(text -> QueueId.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not a queue id")))
                .collect(Collectors.toSet());
        return new QueueFilter(
                ids,
                Optional.ofNullable(arguments.get("to")),
                Optional.ofNullable(arguments.get("from")),
                Optional.ofNullable(arguments.get("lane")),
                Optional.ofNullable(arguments.get("older-than")).map(text -> Duration.ofSeconds(Long.parseLong(text))),
                Optional.ofNullable(arguments.get("error")));
    }

    /// Whether a message is meant.
    ///
    /// @param lanes tells the lane of a recipient of a message
    boolean matches(SpooledMessage message, Instant now, BiFunction<SpooledMessage, ForwardPath, String> lanes) {
        return (ids.isEmpty() || ids.contains(message.id()))
                && from.map(words -> words.equals("<>")
                                ? message.reversePath().isNull()
                                : message.reversePath().toString().contains(words))
                        .orElse(true)
                && olderThan
                        .map(age -> !message.arrived().plus(age).isAfter(now))
                        .orElse(true)
                && message.recipients().stream().anyMatch(state -> matches(message, state, lanes));
    }

    private boolean matches(
            SpooledMessage message, RecipientState state, BiFunction<SpooledMessage, ForwardPath, String> lanes) {
        ForwardPath path = state.recipient().path();
        return to.map(path.toString()::contains).orElse(true)
                && lane.map(name ->
                                state.isPending() && lanes.apply(message, path).equals(name))
                        .orElse(true)
                && error.map(words -> problem(state).contains(words)).orElse(true);
    }

    private static String problem(RecipientState state) {
        return state.status() instanceof RecipientState.Status.Pending pending
                ? pending.lastProblem().orElse("")
                : "";
    }
}
