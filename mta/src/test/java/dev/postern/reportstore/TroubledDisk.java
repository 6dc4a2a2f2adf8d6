package dev.postern.reportstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// A disk that dies in the middle of a step: half of what is to be written is there, or all of it, or a file that has
/// not got its name yet. Afterwards nothing works, as for a process that is gone.
final class TroubledDisk implements Disk {
    /// How the last step ends.
    enum Death {
        /// Before anything is done.
        BEFORE,
        /// Half done.
        HALF,
        /// Done, but nobody is told.
        AFTER
    }

    private final Disk real = Disk.real();
    private final Death death;
    private int steps;

    /// @param steps how many go well before the one that does not
    TroubledDisk(int steps, Death death) {
        this.steps = steps;
        this.death = death;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void step(Step whole, Step half) throws IOException {
        if (steps-- > 0) {
            whole.run();
            return;
        }
        if (steps == -1) {
            switch (death) {
                case BEFORE -> {}
                case HALF -> half.run();
                case AFTER -> whole.run();
            }
        }
        throw new IOException("the disk is gone");
    }

    @Override
    public void append(Path file, byte[] octets) throws IOException {
        step(() -> real.append(file, octets), () -> real.append(file, Arrays.copyOf(octets, octets.length / 2)));
    }

    @Override
    public void replace(Path file, byte[] octets) throws IOException {
        step(
                () -> real.replace(file, octets),
                () -> real.append(
                        file.resolveSibling(file.getFileName() + UNFINISHED),
                        Arrays.copyOf(octets, octets.length / 2)));
    }

    @Override
    public void delete(Path file) throws IOException {
        step(() -> real.delete(file), () -> {});
    }
}
