package dev.postern.bench.beside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Clients that do the same at once, each in a thread of its own, until all is done.
final class Clients {
    private Clients() {}

    /// What one client does.
    interface Client {
        /// Lives to its end.
        ///
        /// @param number of the client, from 0
        void live(int number) throws IOException, InterruptedException;
    }

    /// Lets them live, and waits for the end of the last.
    ///
    /// @return seconds until then
    /// @throws IOException when one of them failed
    static double live(int count, Client client) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    client.live(number);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException("a client failed: " + failed.getCause(), failed);
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
