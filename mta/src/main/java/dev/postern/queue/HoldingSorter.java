package dev.postern.queue;

import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sorts mail that operators keep back by its domain or its sender into lanes of its own, which are held.
///
/// @param usual tells the lanes of all other mail
record HoldingSorter(Sorter usual, HoldBook book) implements Sorter {
    @Override
    public String lane(ForwardPath recipient, ReversePath sender) {
        return book.present().laneAside(recipient, sender).orElseGet(() -> usual.lane(recipient, sender));
    }

    @Override
    public List<String> lanes(SpooledMessage message) {
        List<String> lanes = usual.lanes(message);
        Holds holds = book.present();
        if (holds.putsNothingAside()) {
            return lanes;
        }
        List<String> sorted = new ArrayList<>(lanes);
        for (int i = 0; i < sorted.size(); i++) {
            RecipientState recipient = message.recipients().get(i);
            if (recipient.isPending()) {
                int place = i;
                holds.laneAside(recipient.recipient().path(), message.reversePath())
                        .ifPresent(aside -> sorted.set(place, aside));
            }
        }
        return sorted;
    }

    /// Known only where no rule is by domain or sender.
    @Override
    public Optional<String> laneOf(Host recipient, Optional<Host> sender) {
        return book.present().putsNothingAside() ? usual.laneOf(recipient, sender) : Optional.empty();
    }
}
