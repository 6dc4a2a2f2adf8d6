package dev.postern.tlspolicy.mtasts;

import static dev.postern.tlspolicy.mtasts.StsWorld.EXAMPLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.kept.Keeper;
import dev.postern.kept.KeptStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PolicyMemoryTest {
    private final StsWorld world = new StsWorld();
    private final Store store = new Store();

    /// A store in memory that can be full.
    private static final class Store implements KeptStore {
        private String kept = "";
        private String aside = "";
        private int written;
        private boolean broken;

        @Override
        public String name() {
            return "mta-sts";
        }

        @Override
        public byte[] read() throws IOException {
            if (broken) {
                throw new IOException("an I/O error");
            }
            return kept.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void write(String text) throws IOException {
            if (broken) {
                throw new IOException("no space left on device");
            }
            kept = text;
            written++;
        }

        @Override
        public void putAside() {
            aside = kept;
            kept = "";
        }
    }

    private StsPolicies filled() {
        world.announce(EXAMPLE, "1");
        world.serve(EXAMPLE, StsWorld.enforcing("mx1.example.org"));
        StsPolicies policies = world.policies();
        policies.of(EXAMPLE);
        return policies;
    }

    private Keeper keeper(StsPolicies policies) {
        return new Keeper(new PolicyMemory(policies, store.name(), world.events::add), store, world.events::add);
    }

    private StsFinding afterARestart() {
        world.answer(EXAMPLE, new DnsAnswer.Failed<>("SERVFAIL"));
        StsPolicies next = world.policies();
        keeper(next);
        return next.of(EXAMPLE);
    }

    @Test
    void whatIsNewIsSavedOnceAndThereAfterARestart() throws IOException {
        StsPolicies policies = world.policies();
        Keeper keeper = keeper(policies);
        keeper.save();
        assertThat(store.written).isZero();

        world.announce(EXAMPLE, "1");
        world.serve(EXAMPLE, StsWorld.enforcing("mx1.example.org"));
        policies.of(EXAMPLE);
        keeper.save();
        keeper.save();

        assertThat(store.written).isEqualTo(1);
        assertThat(afterARestart()).isInstanceOf(StsFinding.InForce.class);
    }

    @Test
    void damagedLineIsToldAndTheOthersAreKept() {
        store.kept = KeptText.of(filled().remembered().policies()) + "0000 rubbish\n";

        assertThat(afterARestart()).isInstanceOf(StsFinding.InForce.class);
        assertThat(world.events.getLast())
                .isEqualTo(
                        new StsEvent.StsPoliciesUnreadable("mta-sts", 1, "some lines are damaged and were left out"));
    }

    @Test
    void foreignFileIsToldAndPutAside() {
        store.kept = "something else\n";

        assertThat(afterARestart()).isInstanceOf(StsFinding.NoPolicy.class);
        assertThat(world.eventNames()).containsExactly("StsPoliciesUnreadable");
        assertThat(store.aside).isEqualTo("something else\n");
    }

    @Test
    void fileThatCannotBeReadIsToldAndStopsNothing() {
        store.broken = true;

        assertThat(afterARestart()).isInstanceOf(StsFinding.NoPolicy.class);
        assertThat(world.eventNames()).containsExactly("StsPoliciesUnreadable");
    }

    @Test
    void fullDiskIsToldOnceAndTriedAgain() {
        StsPolicies policies = world.policies();
        Keeper keeper = keeper(policies);
        world.announce(EXAMPLE, "1");
        world.serve(EXAMPLE, StsWorld.enforcing("mx1.example.org"));
        policies.of(EXAMPLE);
        store.broken = true;
        keeper.saveOrTell();
        keeper.saveOrTell();
        assertThat(world.eventNames()).containsExactly("StsPolicyFetched", "StsPoliciesNotSaved");

        store.broken = false;
        keeper.saveOrTell();
        assertThat(afterARestart()).isInstanceOf(StsFinding.InForce.class);
    }
}
