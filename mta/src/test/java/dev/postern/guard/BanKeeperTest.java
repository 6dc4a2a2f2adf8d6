package dev.postern.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.event.Event;
import dev.postern.kept.KeptStore;
import dev.postern.spool.ManualClock;
import dev.postern.wire.AddressBlock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BanKeeperTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

    private final ManualClock clock = ManualClock.atNoon();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Store store = new Store();

    /// A store in memory that can be full.
    private static final class Store implements KeptStore {
        private volatile String kept = "";
        private volatile String aside = "";
        private volatile boolean full;
        private final CountDownLatch written = new CountDownLatch(1);
        private final CountDownLatch tried = new CountDownLatch(3);

        @Override
        public String name() {
            return "bans";
        }

        @Override
        public byte[] read() {
            return kept.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void write(String text) throws IOException {
            tried.countDown();
            if (full) {
                throw new IOException("no space left on device");
            }
            kept = text;
            written.countDown();
        }

        @Override
        public void putAside() {
            aside = kept;
            kept = "";
        }
    }

    private ClientGuard guard() {
        GuardSettings settings =
                new GuardSettings(Rates.byDefault(), BanTerms.byDefault(), Duration.ofSeconds(1), "ask postmaster");
        return new ClientGuard(settings, address -> false, new ClientGuard.Ground(clock, events::add, 1));
    }

    private static void offend(ClientGuard guard) {
        guard.offended(CLIENT, Offence.INJECTION);
        guard.offended(CLIENT, Offence.INJECTION);
    }

    @Test
    void banIsBroughtToDiskByTheThreadAndThereAtTheNextStart() throws Exception {
        ClientGuard guard = guard();
        Thread keeping = Thread.ofPlatform().start(new BanKeeper(store, guard, events::add));
        offend(guard);
        assertThat(store.written.await(30, TimeUnit.SECONDS)).isTrue();
        keeping.interrupt();
        keeping.join();

        ClientGuard again = guard();
        BanKeeper keeper = new BanKeeper(store, again, events::add);
        assertThat(again.admit(CLIENT)).isEqualTo(guard.admit(CLIENT)).isPresent();
        store.full = true;
        keeper.save();
    }

    @Test
    void whatIsNotSavedYetIsSavedAtTheEnd() throws Exception {
        ClientGuard guard = guard();
        BanKeeper keeper = new BanKeeper(store, guard, events::add);
        offend(guard);
        Thread.currentThread().interrupt();
        keeper.run();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.kept).contains("192.0.2.7 ");
    }

    @Test
    void diskThatIsFullIsToldOnceAndTriedAgain() throws Exception {
        ClientGuard guard = guard();
        BanKeeper keeper = new BanKeeper(store, guard, events::add);
        offend(guard);
        store.full = true;
        assertThatThrownBy(keeper::save).isInstanceOf(IOException.class);
        Thread keeping = Thread.ofPlatform().start(keeper);
        assertThat(store.tried.await(30, TimeUnit.SECONDS)).isTrue();
        store.full = false;
        assertThat(store.written.await(30, TimeUnit.SECONDS)).isTrue();
        keeping.interrupt();
        keeping.join();

        assertThat(events).filteredOn(GuardEvent.BansNotSaved.class::isInstance).hasSize(1);
        assertThat(guard.admit(CLIENT)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"something else", "postern-bans 1\n192.0.2.0/2", "\u0000\u0000"})
    void fileThatIsTornOrForeignIsToldAndPutAsideAndBansNobody(String text) throws IOException {
        store.kept = text;
        ClientGuard guard = guard();
        BanKeeper keeper = new BanKeeper(store, guard, events::add);

        assertThat(events).singleElement().isInstanceOf(GuardEvent.BansUnreadable.class);
        assertThat(guard.admit(CLIENT)).isEmpty();
        assertThat(store.aside).isEqualTo(text);
        guard.bans().add(AddressBlock.host(CLIENT), Duration.ofDays(1), "spam");
        keeper.save();
        assertThat(store.kept).startsWith("postern-bans 1\n192.0.2.7 ");
    }
}
