package dev.postern.smtpserver;

import dev.postern.event.Events;
import dev.postern.guard.Denial;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.Reply;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.ListenFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Listens on the addresses of one role and gives each client a session with a virtual thread of
/// its own ({@link Shifts}).
///
/// Touched by its accept threads (one platform thread an address), by its sweeper, by the sessions'
/// threads as they end, and by whoever closes it. `lock` guards `sessions`; `changed` tells when
/// one has ended.
public final class Listener implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /// A server whose sessions are those of many clients: it is counted in all, and nowhere else.
    private static final Endpoint MANY = new Endpoint.Memory("a server that speaks for others");

    private final ListenerRole role;
    private final List<Door> doors;
    private final LoadShedder room;
    private final Supplier<SessionSetup> setup;
    private final Events events;
    private final ListenerTold told;
    private final ConnectionWatch watch = ConnectionWatch.everySecond();
    private final Shifts shifts;
    private final BalancerGate gate;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// Counts the doors that are still open: one closes when its accept thread has let go of it.
    private final CountDownLatch open;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<ServerSession> sessions = new HashSet<>();

    private Listener(
            ListenerRole role, List<Door> doors, LoadShedder room, Supplier<SessionSetup> setup, Events events) {
        this.role = role;
        this.doors = List.copyOf(doors);
        this.open = new CountDownLatch(doors.size());
        this.room = room;
        this.setup = setup;
        this.events = events;
        this.shifts = new Shifts("postern-" + role.label() + "-session");
        this.told = new ListenerTold(role, events, System::nanoTime);
        this.gate = new BalancerGate(role, events);
    }

    /// Opens all addresses, or none, and begins to accept.
    ///
    /// @param room that all listeners of the server share
    /// @param setup asked for each session anew, so that a reload reaches the next one
    /// @throws ListenFailed if one of the addresses cannot be had
    public static Listener open(
            ListenerSettings settings, LoadShedder room, Supplier<SessionSetup> setup, Events events)
            throws ListenFailed {
        List<Door> doors = new ArrayList<>();
        for (Endpoint address : withoutDoubles(settings.addresses())) {
            try {
                doors.add(Door.open(address));
            } catch (IOException e) {
                doors.forEach(Listener::shut);
                throw ListenFailed.of(settings.role().label(), address, e);
            }
        }
        return at(doors, settings.role(), room, setup, events);
    }

    /// Begins to accept at open doors.
    static Listener at(
            List<Door> doors, ListenerRole role, LoadShedder room, Supplier<SessionSetup> setup, Events events) {
        Listener listener = new Listener(role, doors, room, setup, events);
        listener.start();
        return listener;
    }

    /// The system takes IPv4 clients on the IPv6 wildcard address too, and so has no room for both
    /// on one port.
    private static List<Endpoint> withoutDoubles(List<Endpoint> addresses) {
        return addresses.stream()
                .distinct()
                .filter(address -> !(address instanceof Endpoint.Inet inet)
                        || !inet.address().isAnyLocalAddress()
                        || inet.address().getAddress().length > Integer.BYTES
                        || inet.port() == 0
                        || !addresses.contains(new Endpoint.Inet(InetAddress.ofLiteral("::"), inet.port())))
                .toList();
    }

    private void start() {
        for (Door door : doors) {
            Thread.ofPlatform()
                    .daemon()
                    .name("postern-" + role.label() + "-accept")
                    .start(() -> {
                        acceptAt(door);
                        open.countDown();
                    });
            events.emit(new ListenerEvent.Opened(role, door.address()));
        }
        Thread.ofVirtual().name("postern-" + role.label() + "-sweep").start(this::sweep);
    }

    /// Where it listens, with the ports that the system chose.
    public List<Endpoint> addresses() {
        return doors.stream().map(Door::address).toList();
    }

    /// What it is for.
    public ListenerRole role() {
        return role;
    }

    /// How many sessions it has now.
    public int sessions() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    /// Where the system gives no connection, idle sessions are ended, which gives it back what it lacks. It is asked
    /// again soon, then less often, and never given up; a mistake of ours with one client
    /// changes nothing for the next.
    private void acceptAt(Door door) {
        Duration pause = PAUSE_AFTER_FAILURE;
        while (!isStopped()) {
            try {
                door.accept().ifPresent(this::receive);
                pause = PAUSE_AFTER_FAILURE;
            } catch (IOException | LinkageError e) { // the latter: no descriptor is left to read a class with
                if (!isStopped()) {
                    told.acceptFailed(door.address(), e.toString());
                    room.spareDescriptors();
                    pause(pause);
                    pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            } catch (RuntimeException e) {
                if (!isStopped()) {
                    told.acceptFailed(door.address(), e.toString());
                    pause(PAUSE_AFTER_FAILURE);
                }
            }
        }
    }

    /// A client comes in at once, one behind a balancer when that has said who it is.
    private void receive(Connection connection) {
        SessionSetup now = setupFor(connection);
        Balancers balancers = now.settings().front().intermediaries().balancers();
        if (BalancerGate.concerns(balancers, connection)) {
            gate.hold(connection, balancers, this::admitLate);
        } else {
            admit(connection, now);
        }
    }

    private SessionSetup setupFor(Connection connection) {
        try {
            return setup.get();
        } catch (RuntimeException | LinkageError e) {
            connection.close();
            throw e;
        }
    }

    private void admitLate(Connection connection) {
        try {
            admit(connection, setupFor(connection));
        } catch (RuntimeException e) {
            told.acceptFailed(connection.local(), e.toString());
        }
    }

    private void admit(Connection connection, SessionSetup now) {
        watch.add(connection);
        Optional<Denial> denied;
        boolean forOthers = now.settings().front().intermediaries().speaksForMany(connection.peer());
        try {
            denied = forOthers ? Optional.empty() : denied(connection.peer(), now);
        } catch (RuntimeException | LinkageError e) {
            drop(connection);
            throw e;
        }
        if (denied.isPresent()) {
            dismiss(connection, Replies.of(denied.get()));
            return;
        }
        switch (room.admit(role, forOthers ? MANY : connection.peer())) {
            case SessionCensus.Entry.Full(Shortage shortage) -> turnAway(connection, shortage);
            case SessionCensus.Entry.Seated(SessionCensus.Seat seat) -> serve(connection, seat, now);
        }
    }

    private void serve(Connection connection, SessionCensus.Seat seat, SessionSetup now) {
        ServerSession session;
        try {
            session = new ServerSession(
                    connection, now.services().intake().nextId(), now, client -> moved(seat, client, now));
        } catch (RuntimeException | LinkageError e) {
            seat.giveBack();
            drop(connection);
            throw e;
        }
        room.settle(session, seat);
        enrol(session);
        shifts.live(session, () -> {
            watch.remove(connection);
            room.leave(session, seat);
            strike(session);
        });
    }

    /// Asks about a client for whom another server speaks what is asked about one that connects.
    private Optional<Reply> moved(SessionCensus.Seat seat, Endpoint client, SessionSetup now) {
        Optional<Reply> denied = denied(client, now).map(Replies::of);
        if (denied.isPresent()) {
            return denied;
        }
        Optional<Shortage> shortage = seat.move(client);
        shortage.ifPresent(why -> told.turnedAway(why, client));
        return shortage.map(Shortage::reply);
    }

    private static Optional<Denial> denied(Endpoint peer, SessionSetup now) {
        return peer instanceof Endpoint.Inet(InetAddress client, int _)
                ? now.services().guard().admit(client)
                : Optional.empty();
    }

    private void turnAway(Connection connection, Shortage shortage) {
        dismiss(connection, shortage.reply());
        told.turnedAway(shortage, connection.peer());
    }

    /// Says why the client is not let in. A new connection takes that many octets without waiting, so the
    /// accept thread may do it.
    private void dismiss(Connection connection, Reply reply) {
        try {
            if (!role.isImplicitTls()) {
                Deadline soon = Deadline.after(LAST_WORDS);
                connection.write(reply.toOctets(), soon);
                connection.flush(soon);
            }
        } catch (IOException gone) {
            return; // the client has left by itself
        } finally {
            drop(connection);
        }
    }

    private void drop(Connection connection) {
        connection.close();
        watch.remove(connection);
    }

    private void enrol(ServerSession session) {
        lock.lock();
        try {
            sessions.add(session);
        } finally {
            lock.unlock();
        }
        if (isStopped()) {
            session.drain(Deadline.after(LAST_WORDS));
        }
    }

    private void strike(ServerSession session) {
        lock.lock();
        try {
            sessions.remove(session);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        while (!isStopped() || sessions() > 0) {
            pause(SWEEP);
            watch.sweep(System.nanoTime());
            room.sweep(role);
            told.sweep();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shut(Door door) {
        try {
            door.close();
        } catch (IOException e) {
            return; // the address is given up in any case, and the system takes it back with the process
        }
    }

    /// Stops accepting and lets the sessions end: idle ones at once with 421, those in a
    /// transaction when it is done.
    ///
    /// @param deadline then the rest is cut off
    /// @return how many sessions were cut off
    public int drain(Deadline deadline) {
        stopped.countDown();
        doors.forEach(Listener::shut);
        awaitClosed();
        gate.shut(Deadline.after(LAST_WORDS));
        inParallel(session -> session.drain(Deadline.after(LAST_WORDS)));
        awaitEnd(deadline);
        int late = sessions();
        inParallel(session -> session.abort(Deadline.after(LAST_WORDS)));
        awaitEnd(Deadline.after(LAST_WORDS.plus(SWEEP)));
        events.emit(new ListenerEvent.Closed(role, late));
        return late;
    }

    /// Stops at once.
    @Override
    public void close() {
        drain(Deadline.after(Duration.ZERO));
    }

    /// One peer that does not take its last words must not keep the others waiting for theirs.
    private void inParallel(java.util.function.Consumer<ServerSession> farewell) {
        List<ServerSession> present;
        lock.lock();
        try {
            present = List.copyOf(sessions);
        } finally {
            lock.unlock();
        }
        for (ServerSession session : present) {
            Thread.ofVirtual().name("postern-" + role.label() + "-farewell").start(() -> farewell.accept(session));
        }
    }

    private void awaitClosed() {
        try {
            open.await(LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd(Deadline deadline) {
        lock.lock();
        try {
            while (!sessions.isEmpty() && !deadline.passed()) {
                if (!changed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
