package dev.postern.blackbox.crowd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Clients by the thousand, each with its habit, on one thread and one selector.
///
/// Whoever is gone comes again a second later, until the crowd is dismissed. The crowd's own thread touches the
/// clients; what it has counted is guarded by its monitor.
public final class Crowd implements AutoCloseable {
    // The server's backlog must never be full, or the kernel makes clients wait for a second and more.
    private static final int KNOCKING = 200;
    private static final int CLIENTS_OF_ONE_ADDRESS = 400;
    private static final int ADDRESSES = 250;
    private static final int LONGEST_LOOK_MILLIS = 100;
    private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Selector selector;
    private final Thread thread;
    private final Queue<Client> outside = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Client> timed = new PriorityQueue<>(Comparator.comparingLong(client -> client.due));
    private final ByteBuffer room = ByteBuffer.allocateDirect(16 * 1024);
    private final Map<String, Count> counts = new TreeMap<>();
    private @Nullable String fault;
    private int knocking;
    private int joined;
    private volatile boolean dismissed;
    private volatile boolean closed;

    /// What has become of the clients with one habit.
    ///
    /// @param present those that are connected now
    /// @param settled those of them that have come to their last step
    /// @param came connections that were opened
    /// @param refused replies with 4yz or 5yz before the last step
    public record Count(int present, int settled, int came, int refused) {
        Count plus(Count other) {
            return new Count(
                    present + other.present, settled + other.settled, came + other.came, refused + other.refused);
        }
    }

    private Crowd(Selector selector) {
        this.selector = selector;
        this.thread = Thread.ofPlatform().name("crowd").daemon().unstarted(this::live);
    }

    /// Nobody is here yet.
    public static Crowd start() throws IOException {
        Crowd crowd = new Crowd(Selector.open());
        crowd.thread.start();
        return crowd;
    }

    /// So many clients come, from addresses of the loopback network.
    public void join(int clients, Habit habit, InetSocketAddress to) throws UnknownHostException {
        for (int i = 0; i < clients; i++) {
            int house = joined++ / CLIENTS_OF_ONE_ADDRESS;
            byte[] from = {127, 1, (byte) (house / ADDRESSES), (byte) (1 + house % ADDRESSES)};
            outside.add(new Client(habit, InetAddress.getByAddress(from), to));
        }
        count(habit, new Count(0, 0, 0, 0));
        selector.wakeup();
    }

    /// Whoever is gone from now on stays away.
    public void dismiss() {
        dismissed = true;
    }

    /// What has become of them, by the names of their habits.
    public synchronized Map<String, Count> counts() {
        return Map.copyOf(counts);
    }

    /// The names of the habits that clients have come with.
    public synchronized Set<String> habits() {
        return Set.copyOf(counts.keySet());
    }

    /// What has become of all together.
    public synchronized Count count() {
        return counts.values().stream().reduce(new Count(0, 0, 0, 0), Count::plus);
    }

    /// Waits until the count of all is such.
    ///
    /// @throws AssertionError if it is not within the bound
    /// @throws IOException if a client could not do as it is used to for a reason that lies on this side
    public synchronized void await(Predicate<Count> such, Duration bound) throws IOException, InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        while (!such.test(count())) {
            if (fault != null) {
                throw new IOException(fault);
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("not within " + bound + ": " + counts);
            }
            wait(left / 1_000_000 + 1);
        }
    }

    private synchronized void count(Habit habit, Count more) {
        counts.merge(habit.name(), more, Count::plus);
        notifyAll();
    }

    private synchronized void fail(String words) {
        fault = words;
        notifyAll();
    }

    private void live() {
        try {
            while (!closed) {
                admit();
                selector.select(this::serve, LONGEST_LOOK_MILLIS);
                wake();
            }
        } catch (IOException | RuntimeException e) {
            fail("the crowd is lost: " + e);
        } finally {
            selector.keys().forEach(key -> ((Client) key.attachment()).reset());
        }
    }

    private void admit() {
        while (knocking < KNOCKING) {
            Client next = outside.poll();
            if (next == null) {
                return;
            }
            next.knock();
        }
    }

    private void serve(SelectionKey key) {
        ((Client) key.attachment()).serve();
    }

    private void wake() {
        long now = System.nanoTime();
        for (Client next = timed.peek(); next != null && next.due - now <= 0; next = timed.peek()) {
            timed.remove();
            next.wake();
        }
    }

    /// One client.
    private final class Client {
        private final Habit habit;
        private final InetAddress from;
        private final InetSocketAddress to;
        private @Nullable SocketChannel channel;
        private @Nullable SelectionKey key;
        private int step;
        private int column;
        private boolean more;
        private boolean knocks;
        private boolean isTimed;
        private long due;

        Client(Habit habit, InetAddress from, InetSocketAddress to) {
            this.habit = habit;
            this.from = from;
            this.to = to;
        }

        void knock() {
            step = 0;
            column = 0;
            try {
                SocketChannel opened = SocketChannel.open();
                channel = opened;
                opened.configureBlocking(false);
                opened.setOption(StandardSocketOptions.SO_LINGER, 0);
                opened.bind(new InetSocketAddress(from, 0));
                key = opened.register(selector, SelectionKey.OP_CONNECT, this);
                knocks = true;
                knocking++;
                if (opened.connect(to)) {
                    enter();
                }
            } catch (IOException impossible) {
                fail("no connection from " + from + ": " + impossible);
                reset();
            }
        }

        private SocketChannel channel() {
            if (channel == null) {
                throw new IllegalStateException("not connected");
            }
            return channel;
        }

        private void interest(int operations) {
            if (key != null) {
                key.interestOps(operations);
            }
        }

        private void enter() throws IOException {
            knocks = false;
            knocking--;
            count(habit, new Count(1, 0, 1, 0));
            interest(SelectionKey.OP_READ);
            perform();
        }

        void serve() {
            try {
                if (knocks) {
                    if (channel().finishConnect()) {
                        enter();
                    }
                } else if (habit.steps().get(step) instanceof Habit.Step.Flood(byte[] octets)) {
                    channel().write(ByteBuffer.wrap(octets));
                } else {
                    read();
                }
            } catch (IOException over) {
                gone(); // the server has had enough: that is what they are here for
            }
        }

        private void read() throws IOException {
            room.clear();
            int count = channel().read(room);
            if (count < 0) {
                gone();
                return;
            }
            room.flip();
            while (room.hasRemaining() && channel != null) {
                hear(room.get());
            }
        }

        /// RFC 5321 §4.2: `Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF`
        private void hear(byte octet) throws IOException {
            boolean awaited = habit.steps().get(step) instanceof Habit.Step.Hear;
            if (column == 0 && awaited && octet >= '4') {
                count(habit, new Count(0, 0, 0, 1));
            }
            if (column == 3) {
                more = octet == '-';
            }
            column++;
            if (octet == '\n') {
                column = 0;
                if (!more && awaited) {
                    next();
                }
            }
        }

        private void next() throws IOException {
            step++;
            perform();
        }

        private void perform() throws IOException {
            if (step == habit.steps().size() - 1) {
                count(habit, new Count(0, 1, 0, 0));
            }
            switch (habit.steps().get(step)) {
                case Habit.Step.Hear _, Habit.Step.Stay _ -> {}
                case Habit.Step.Say(byte[] octets) -> {
                    say(octets);
                    next();
                }
                case Habit.Step.Drip(byte[] octets, Duration every) -> {
                    say(octets);
                    time(every.toNanos());
                }
                case Habit.Step.Flood _ -> interest(SelectionKey.OP_WRITE);
                case Habit.Step.Leave _ -> gone();
            }
        }

        private void say(byte[] octets) throws IOException {
            if (channel().write(ByteBuffer.wrap(octets)) < octets.length) {
                throw new IllegalStateException(habit.name() + ": the server takes no octets");
            }
        }

        private void time(long nanos) {
            if (!isTimed) {
                isTimed = true;
                due = System.nanoTime() + nanos;
                timed.add(this);
            }
        }

        void wake() {
            isTimed = false;
            try {
                if (channel != null) {
                    perform(habit.steps().get(step));
                } else if (!dismissed) {
                    outside.add(this);
                }
            } catch (IOException over) {
                gone(); // as above
            }
        }

        private void perform(Habit.Step again) throws IOException {
            if (again instanceof Habit.Step.Drip(byte[] octets, Duration every)) {
                say(octets);
                time(every.toNanos());
            }
        }

        private void gone() {
            boolean settled = !knocks && step == habit.steps().size() - 1;
            boolean entered = !knocks;
            reset();
            if (entered) {
                count(habit, new Count(-1, settled ? -1 : 0, 0, 0));
            }
            if (!dismissed) {
                time(AGAIN_NANOS);
            }
        }

        void reset() {
            if (knocks) {
                knocks = false;
                knocking--;
            }
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                fail("a connection cannot be closed: " + e);
            }
            channel = null;
            key = null;
        }
    }

    /// All of them leave.
    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }
}
