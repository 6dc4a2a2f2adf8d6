package dev.postern.queue;

import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SearchTerms;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// Which messages are meant: those for which everything holds that is given. Texts match where
/// they occur, in upper or lower case.
///
/// @param to occurs in the address of a pending recipient, or in the one that the sender named
/// @param from occurs in the reverse-path; `<>` is the null path
/// @param lane the whole name of the lane of a pending recipient
/// @param arrivedBefore when the message was accepted
/// @param error occurs in what the last attempt of a pending recipient met
/// @param held whether an operator holds the message
public record QueueFilter(
        Optional<String> to,
        Optional<String> from,
        Optional<String> lane,
        Optional<Instant> arrivedBefore,
        Optional<String> error,
        Optional<Boolean> held) {

    /// Every message.
    public static QueueFilter all() {
        return new QueueFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// What a spool may leave messages out by.
    SearchTerms terms(Sorter sorter) {
        return new SearchTerms(
                to,
                from,
                error,
                arrivedBefore,
                held.orElse(false),
                lane.map(name -> (recipient, sender) ->
                        sorter.laneOf(recipient, sender).map(name::equals).orElse(true)));
    }

    /// Whether a message is meant.
    ///
    /// @param lanes the lane of each recipient
    boolean matches(SpooledMessage message, List<String> lanes) {
        return from.filter(text -> !isFrom(message, text)).isEmpty()
                && arrivedBefore
                        .filter(time -> !message.arrived().isBefore(time))
                        .isEmpty()
                && held.filter(wanted -> wanted != message.held()).isEmpty()
                && matchesRecipient(message, lanes);
    }

    private boolean matchesRecipient(SpooledMessage message, List<String> lanes) {
        boolean any = to.isEmpty() && lane.isEmpty() && error.isEmpty();
        return any
                || IntStream.range(0, lanes.size())
                        .anyMatch(i -> matches(message.recipients().get(i), lanes.get(i)));
    }

    private static boolean isFrom(SpooledMessage message, String text) {
        return message.reversePath().isNull()
                ? text.equals("<>")
                : occurs(text, message.reversePath().toString());
    }

    private boolean matches(RecipientState recipient, String itsLane) {
        if (!(recipient.status() instanceof Status.Pending pending)) {
            return false;
        }
        boolean address = to.filter(
                        text -> !occurs(text, recipient.recipient().path().toString())
                                && !occurs(text, recipient.originally().orElse("")))
                .isEmpty();
        return address
                && lane.filter(name -> !name.equals(itsLane)).isEmpty()
                && error.filter(text -> !occurs(text, pending.lastProblem().orElse("")))
                        .isEmpty();
    }

    private static boolean occurs(String part, String whole) {
        return whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
