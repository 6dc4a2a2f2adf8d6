package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.event.Events;
import dev.postern.policy.ListenerRole;
import dev.postern.smtpserver.Listener;
import dev.postern.smtpserver.ListenerSettings;
import dev.postern.smtpserver.LoadShedder;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// All listeners of a server, each with its role.
final class Listeners {
    private final LoadShedder room;
    private final Events events;
    private final List<Listener> listeners = new ArrayList<>();

    /// @param room who makes room for new sessions
    Listeners(LoadShedder room, Events events) {
        this.room = room;
        this.events = events;
    }

    /// Opens those that a configuration has an address for, and that for the programs of this machine.
    ///
    /// @param setups what their sessions get
    /// @throws IOException if an address cannot be opened
    void open(Config config, SessionSetups setups) throws IOException {
        Config.Listen listen = config.listen();
        open(ListenerRole.MX, listen.mx(), setups);
        open(ListenerRole.SUBMISSION, listen.submission(), setups);
        open(ListenerRole.SUBMISSIONS, listen.submissions(), setups);
        open(ListenerRole.LMTP, listen.lmtp(), setups);
        open(ListenerRole.LOCAL, List.of(new Endpoint.Unix(LocalSubmission.socket(config))), setups);
    }

    private void open(ListenerRole role, List<Endpoint> addresses, SessionSetups setups) throws IOException {
        if (!addresses.isEmpty()) {
            listeners.add(Listener.open(new ListenerSettings(role, addresses), room, () -> setups.setup(role), events));
        }
    }

    /// Where those of a role listen, with the ports that the system chose.
    List<Endpoint> addresses(ListenerRole role) {
        return listeners.stream()
                .filter(listener -> listener.role() == role)
                .flatMap(listener -> listener.addresses().stream())
                .toList();
    }

    /// Ends all at once: none takes a new session while another still waits for its transactions.
    void drain(Deadline deadline) {
        List<Thread> drains = listeners.stream()
                .map(listener -> Thread.ofVirtual().name("postern-drain").start(() -> listener.drain(deadline)))
                .toList();
        for (Thread drain : drains) {
            try {
                drain.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
