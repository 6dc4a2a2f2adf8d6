package dev.postern.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectedHeapTest {

    private long left;
    private long collections;
    private long now = 5;

    private final CollectedHeap heap =
            new CollectedHeap(new CollectedHeap.Readings(() -> left, () -> collections, 1000), () -> now);

    @Test
    void whatTheLastCollectionLeftIsInUse() {
        left = 700;
        assertThat(heap.share()).isZero();
        collections++;
        assertThat(heap.share()).isEqualTo(0.7);
        left = 950;
        collections += 3;
        assertThat(heap.share()).isEqualTo(0.95);
    }

    /// Whoever turns clients away needs little memory, so no collection would ever tell that there is some again.
    @Test
    void oldFindingIsNotBelieved() {
        left = 950;
        collections++;
        assertThat(heap.share()).isEqualTo(0.95);
        now += Duration.ofSeconds(10).toNanos() - 1;
        assertThat(heap.share()).isEqualTo(0.95);
        now++;
        assertThat(heap.share()).isZero();
        collections++;
        assertThat(heap.share()).isEqualTo(0.95);
    }

    @Test
    void thisMachineTellsOfItsHeap() {
        CollectedHeap.Readings readings = CollectedHeap.Readings.ofThisMachine();
        assertThat(readings.most()).isPositive();
        assertThat(readings.left().getAsLong()).isBetween(0L, readings.most());
        assertThat(readings.collections().getAsLong()).isNotNegative();
    }

    @Test
    void heapHasASize() {
        assertThatThrownBy(() -> new CollectedHeap.Readings(() -> 0, () -> 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
