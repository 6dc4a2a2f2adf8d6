package dev.postern.smtpserver;

import dev.postern.event.Events;
import dev.postern.policy.ListenerRole;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.DeadlineExceeded;
import dev.postern.wire.Endpoint;
import dev.postern.wire.ProxyHeader;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Where connections of balancers wait for their PROXY header, before anybody counts, judges or answers the client
/// behind it. One that brings none in time, or no good one, is dropped without a word: whoever speaks there is not
/// known.
///
/// Touched by the accept threads, by one virtual thread for each connection that waits, and by whoever closes it.
/// `lock` guards `waiting` and `shut`; `left` tells when one has left.
final class BalancerGate {
    private final ListenerRole role;
    private final Events events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Set<Connection> waiting = new HashSet<>();
    private boolean shut;

    BalancerGate(ListenerRole role, Events events) {
        this.role = role;
        this.events = events;
    }

    /// Whether a connection is a balancer's.
    static boolean concerns(Balancers balancers, Connection connection) {
        return connection.peer() instanceof Endpoint.Inet(var address, int _)
                && balancers.hosts().contains(address);
    }

    /// Has a balancer say whom it passes on, and lets the connection go on with that client's address. Returns at once.
    ///
    /// @param onward gets the connection, in another thread
    void hold(Connection connection, Balancers balancers, Consumer<Connection> onward) {
        if (!enter(connection, balancers.waiting())) {
            drop(connection, connection.peer(), "too many connections wait for their headers");
            return;
        }
        Thread.ofVirtual().name("postern-" + role.label() + "-header").start(() -> {
            try {
                read(connection, Deadline.after(balancers.patience()), onward);
            } finally {
                leave(connection);
            }
        });
    }

    private void read(Connection connection, Deadline deadline, Consumer<Connection> onward) {
        Endpoint balancer = connection.peer();
        try {
            switch (connection.readProxyHeader(deadline)) {
                case ProxyHeader.Whole(ProxyHeader header) -> {
                    events.emit(new ListenerEvent.PassedOn(role, balancer, connection.peer()));
                    onward.accept(connection);
                }
                case ProxyHeader.Refused(String why) -> drop(connection, balancer, why);
                case ProxyHeader.Unfinished _ -> throw new IllegalStateException("half a header was read");
            }
        } catch (DeadlineExceeded late) {
            drop(connection, balancer, "no PROXY header in time");
        } catch (EOFException gone) {
            drop(connection, balancer, "closed before its PROXY header");
        } catch (IOException lost) {
            drop(connection, balancer, String.valueOf(lost.getMessage()));
        }
    }

    private void drop(Connection connection, Endpoint balancer, String why) {
        connection.close();
        events.emit(new ListenerEvent.HeaderRefused(role, balancer, why));
    }

    private boolean enter(Connection connection, int most) {
        lock.lock();
        try {
            return !shut && waiting.size() < most && waiting.add(connection);
        } finally {
            lock.unlock();
        }
    }

    private void leave(Connection connection) {
        lock.lock();
        try {
            waiting.remove(connection);
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Drops whoever waits and takes nobody any more; returns when the last one has left.
    ///
    /// @param deadline when it returns at the latest
    void shut(Deadline deadline) {
        present().forEach(Connection::close);
        lock.lock();
        try {
            while (!waiting.isEmpty() && !deadline.passed()) {
                if (!left.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private List<Connection> present() {
        lock.lock();
        try {
            shut = true;
            return List.copyOf(waiting);
        } finally {
            lock.unlock();
        }
    }
}
