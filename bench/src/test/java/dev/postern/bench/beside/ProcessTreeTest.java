package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Time and memory of processes that do something.
final class ProcessTreeTest {
    private static final Duration BOUND = Duration.ofMinutes(2);

    /// A shell whose child counts, until it is told to end its life by the end of its input.
    private static Process counting() throws IOException {
        String count = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        return new ProcessBuilder("sh", "-c", "sh -c '" + count + "'; echo done; read line").start();
    }

    @Test
    void aTreeHasTheTimeOfItsChildrenAlsoAfterTheirEndAndMemoryWhileItLives() throws IOException, InterruptedException {
        Process process = counting();
        try (var out = process.inputReader()) {
            ProcessTree tree = new ProcessTree(process.toHandle());
            assertThat(tree.residentOctets()).isPositive();
            assertThat(tree.proportionalOctets()).isPositive().isLessThanOrEqualTo(tree.residentOctets() * 2);
            assertThat(out.readLine()).isEqualTo("done");
            double used = tree.cpuSeconds();
            assertThat(used).isPositive();
            tree.awaitRest(BOUND);
            assertThat(tree.cpuSeconds()).isGreaterThanOrEqualTo(used);
            process.getOutputStream().close();
            process.waitFor();
            assertThat(tree.cpuSeconds()).isZero();
            assertThat(tree.residentOctets()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void thePeakIsWhatWasSeenAndAnIdleTreeIsAtRest() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "echo up; read line").start();
        try (var out = process.inputReader();
                MemoryWatch watch = MemoryWatch.start(new ProcessTree(process.toHandle()))) {
            assertThat(out.readLine()).isEqualTo("up");
            new ProcessTree(process.toHandle()).awaitRest(BOUND);
            assertThat(watch.end().residentOctets()).isPositive();
        } finally {
            process.destroyForcibly();
        }
    }
}
