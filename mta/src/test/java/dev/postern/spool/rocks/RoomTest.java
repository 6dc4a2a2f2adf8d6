package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.postern.spool.SpoolException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomTest {
    private static final long MIB = 1024 * 1024;

    @TempDir(factory = QuickFolder.class)
    private Path folder;

    @Test
    void theReserveIsLookedAtOnceASecond() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow, as nanoTime may
        disk.room(10 * MIB);
        Room room = new Room(folder, 10 * MIB, disk, time::get);
        room.demand();
        disk.room(10 * MIB - 1);
        assertThatNoException().as("not asked again yet").isThrownBy(room::demand);
        time.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThatExceptionOfType(SpoolException.Full.class)
                .isThrownBy(room::demand)
                .withMessageContaining("9 MiB left")
                .withMessageContaining("10 MiB are kept free")
                .withMessageContaining(folder.toString());
        disk.room(20 * MIB);
        time.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThatNoException().isThrownBy(room::demand);
    }

    @Test
    void whatIsFreeIsToldAsItWasKnownLast() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        AtomicLong time = new AtomicLong();
        disk.room(10 * MIB);
        Room room = new Room(folder, 0, disk, time::get);
        disk.room(5 * MIB);
        assertThat(room.free()).as("not asked again yet").isEqualTo(10 * MIB);
        time.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(room.free()).isEqualTo(5 * MIB);
    }
}
