package dev.postern.smtpserver;

import dev.postern.event.Decision;
import java.util.ArrayList;
import java.util.List;

/// The decisions of one session, bounded: those about the client itself, which each of its messages keeps too, and
/// those by which something was refused.
final class SessionRecord {
    /// Decisions of one kind that are kept; more are dropped, since the first ones tell the story.
    static final int MOST = 100;

    private static final int FIRST = 4;

    private List<Decision> client = List.of();
    private List<Decision> refusals = List.of();

    /// Adds decisions about the client, refusing or not.
    void client(List<Decision> decisions) {
        client = add(client, decisions);
    }

    /// Adds decisions that ended in a refusal, or led to it.
    void refused(List<Decision> decisions) {
        refusals = add(refusals, decisions);
    }

    private static List<Decision> add(List<Decision> to, List<Decision> decisions) {
        int room = Math.min(MOST - to.size(), decisions.size());
        if (room <= 0) {
            return to;
        }
        List<Decision> longer = to.isEmpty() ? new ArrayList<>(FIRST) : to;
        longer.addAll(decisions.subList(0, room));
        return longer;
    }

    /// Those about the client.
    List<Decision> client() {
        return client;
    }

    /// Whether something was refused that no message's record tells of.
    boolean isWorthKeeping() {
        return !refusals.isEmpty();
    }

    /// All of them.
    List<Decision> all() {
        List<Decision> all = new ArrayList<>(client);
        all.addAll(refusals);
        return all;
    }
}
