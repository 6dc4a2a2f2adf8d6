package dev.postern.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final long START = Duration.ofDays(20_000).toNanos();
    private static final int LIMIT = 10;
    private static final int KINDS = 3;

    private final Buckets buckets = new Buckets(4, KINDS);

    private static Buckets.Use one(long key) {
        return new Buckets.Use(key, 1, HOUR / LIMIT, HOUR);
    }

    private int taken(long key, int tries, long now) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += buckets.take(one(key), now).isFull() ? 0 : 1;
        }
        return taken;
    }

    @Test
    void wholeLimitIsThereAtOnceThenAsTimeGoesOn() {
        assertThat(taken(7, 100, START)).isEqualTo(LIMIT);
        assertThat(taken(7, 100, START + HOUR / LIMIT - 1)).isZero();
        assertThat(taken(7, 100, START + HOUR / LIMIT)).isEqualTo(1);
        assertThat(taken(7, 100, START + HOUR / 2)).isEqualTo(LIMIT / 2 - 1);
        assertThat(taken(7, 100, START + 10 * HOUR)).isEqualTo(LIMIT);
    }

    @Test
    void whoIsRefusedHasTakenNothingAndIsToldWhenThereIsRoom() {
        taken(7, LIMIT, START);
        for (int i = 0; i < 50; i++) {
            assertThat(buckets.take(one(7), START + 1).delay()).isEqualTo(HOUR / LIMIT - 1);
        }
        assertThat(buckets.take(one(7), START + HOUR / LIMIT).isFull()).isFalse();
    }

    @Test
    void kindsAndKeysDoNotTouchEachOther() {
        taken(7, LIMIT, START);

        assertThat(taken(8, LIMIT, START)).isEqualTo(LIMIT);
        assertThat(buckets.take(new Buckets.Use(7, 2, HOUR, HOUR), START).isFull())
                .isFalse();
        assertThat(buckets.take(one(0), START).isFull()).isFalse();
    }

    @Test
    void lookingTakesNothingAndAnEmptyBucketTakesEverything() {
        Buckets.Use huge = new Buckets.Use(7, 1, 100 * HOUR, HOUR);

        assertThat(buckets.look(huge, START).isFull()).isFalse();
        assertThat(buckets.look(one(7), START).isFull()).isFalse();
        assertThat(taken(7, 1, START)).isEqualTo(1);
        assertThat(buckets.look(huge, START).isFull()).isTrue();
        assertThat(taken(7, LIMIT, START)).isEqualTo(LIMIT - 1);
    }

    @Test
    void whatWasHadCountsBeyondTheRoomButNotForEver() {
        assertThat(buckets.fill(new Buckets.Use(7, 1, 100 * HOUR, HOUR), START)).isEqualTo(2 * HOUR);

        assertThat(taken(7, 1, START + HOUR)).isZero();
        assertThat(taken(7, 100, START + 2 * HOUR)).isEqualTo(LIMIT);
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        taken(7, LIMIT, START);
        buckets.giveBack(one(7), START);

        assertThat(taken(7, LIMIT, START)).isEqualTo(1);
        buckets.giveBack(one(99), START);
        assertThat(taken(99, 100, START)).isEqualTo(LIMIT);
    }

    @Test
    void clockThatIsSetBackKeepsNobodyOutForLong() {
        long far = START + Duration.ofDays(300).toNanos();
        taken(7, LIMIT, far);

        assertThat(taken(7, 1, START)).isZero();
        buckets.fill(one(7), START);
        assertThat(taken(7, 100, START + 2 * HOUR)).isEqualTo(LIMIT);
    }

    @Test
    void fullBucketIsNewsOnceUntilItWasHalfEmpty() {
        taken(7, LIMIT, START);

        assertThat(buckets.take(one(7), START).news()).isTrue();
        assertThat(buckets.take(one(7), START).news()).isFalse();
        assertThat(taken(7, 1, START + HOUR / LIMIT)).isEqualTo(1);
        assertThat(buckets.take(one(7), START + HOUR / LIMIT).news()).isFalse();
        assertThat(taken(7, LIMIT - 1, START + HOUR)).isEqualTo(LIMIT - 1);
        assertThat(buckets.take(one(7), START + HOUR).news()).isTrue();
    }

    @Test
    void whoHasTakenMostIsRememberedWhateverCrowdPassesBy() {
        taken(7, LIMIT, START);
        for (long passer = 1_000; passer < 101_000; passer++) {
            assertThat(buckets.take(one(passer), START + passer).isFull()).isFalse();
        }

        assertThat(taken(7, 1, START + 101_000)).isZero();
    }

    @Test
    void noPlaceIsLostToWhoIsEmptyAgain() {
        List<Long> keys = new ArrayList<>();
        for (long key = 4; keys.size() < Buckets.WAYS; key += 4) {
            keys.add(key); // all in one bin
        }
        keys.forEach(key -> taken(key, LIMIT, START));
        long later = START + 2 * HOUR;
        for (long key = 1_000_000; key < 1_000_000 + 4 * Buckets.WAYS; key += 4) {
            assertThat(taken(key, LIMIT, later)).isEqualTo(LIMIT);
        }
        for (long key = 1_000_000; key < 1_000_000 + 4 * Buckets.WAYS; key += 4) {
            assertThat(taken(key, 1, later)).as("key %s", key).isZero();
        }
    }

    @Test
    void manyThreadsTogetherGetTheLimitAndNoMore() throws Exception {
        int limit = 5000;
        int threads = 8;
        AtomicInteger taken = new AtomicInteger();
        Buckets.Use use = new Buckets.Use(7, 0, HOUR / limit, HOUR);
        try (ExecutorService many = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                long own = 103 + 4L * (i % (Buckets.WAYS - 1));
                runs.add(many.submit(() -> {
                    for (int n = 0; n < limit; n++) {
                        if (!buckets.take(use, START).isFull()) {
                            taken.incrementAndGet();
                        }
                        buckets.fill(one(own), START); // neighbours in the same bin
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
        assertThat(taken).hasValue(limit);
    }
}
