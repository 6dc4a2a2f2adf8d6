package dev.postern.delivery;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.transport.DeliveryOutcome.Remote;
import dev.postern.transport.DeliveryOutcome.Scope;
import dev.postern.transport.Transport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A transport that does what a test says, and remembers what it was asked to carry; used by any
/// number of threads.
final class ScriptedTransport implements Transport {
    private final AtomicReference<Function<Consignment, List<DeliveryOutcome>>> script;
    private final ConcurrentLinkedQueue<Consignment> carried = new ConcurrentLinkedQueue<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final boolean connects;

    ScriptedTransport(Function<Consignment.Stop, DeliveryOutcome> script) {
        this(script, false);
    }

    /// @param connects whether its carriages have connections that are worth keeping
    ScriptedTransport(Function<Consignment.Stop, DeliveryOutcome> script, boolean connects) {
        this.script = new AtomicReference<>(each(script));
        this.connects = connects;
    }

    /// What a transport does with each stop.
    static Function<Consignment, List<DeliveryOutcome>> each(Function<Consignment.Stop, DeliveryOutcome> script) {
        return consignment -> consignment.stops().stream().map(script).toList();
    }

    /// From now on it does this.
    void play(Function<Consignment, List<DeliveryOutcome>> next) {
        script.set(next);
    }

    @Override
    public Carriage open() {
        opened.incrementAndGet();
        return new Carriage() {
            @Override
            public List<DeliveryOutcome> carry(Consignment consignment) {
                carried.add(consignment);
                return script.get().apply(consignment);
            }

            @Override
            public boolean isConnected() {
                return connects;
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    List<Consignment> carried() {
        return List.copyOf(carried);
    }

    int opened() {
        return opened.get();
    }

    int closed() {
        return closed.get();
    }

    static DeliveryOutcome delivered() {
        return new DeliveryOutcome.Delivered("maildir", Optional.empty(), false, false);
    }

    static DeliveryOutcome relayed(boolean handsOnReports) {
        return new DeliveryOutcome.Delivered("250 2.0.0 queued", said("250 2.0.0 queued"), handsOnReports, true);
    }

    /// Passed on to a server that watches over the time by which it is to be delivered.
    static DeliveryOutcome relayedInTime() {
        return new DeliveryOutcome.Delivered(
                "250 2.0.0 queued", said("250 2.0.0 queued"), true, true, DeliveryOutcome.TimeKeeper.NEXT_HOP);
    }

    static DeliveryOutcome failed() {
        return new DeliveryOutcome.Failed(
                EnhancedStatus.of("5.1.1"), "There is no such mailbox.", said("550 5.1.1 User unknown"));
    }

    static DeliveryOutcome deferred() {
        return new DeliveryOutcome.Deferred(
                EnhancedStatus.of("4.2.2"), "The mailbox is full.", said("452 4.2.2 Mailbox full"), Scope.RECIPIENT);
    }

    static DeliveryOutcome down() {
        return new DeliveryOutcome.Deferred(
                EnhancedStatus.of("4.4.1"), "No connection could be made.", Optional.empty(), Scope.NEXT_HOP);
    }

    /// Refused in the greeting, since there are enough sessions.
    static DeliveryOutcome tooManySessions() {
        return new DeliveryOutcome.Deferred(
                EnhancedStatus.of("4.7.0"), "It takes no more.", said("421 4.7.0 Too many sessions"), Scope.NEXT_HOP);
    }

    private static Optional<Remote> said(String words) {
        return Optional.of(new Remote("mx.example.net", "192.0.2.25:25", words));
    }
}
