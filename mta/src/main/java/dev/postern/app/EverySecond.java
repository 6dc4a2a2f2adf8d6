package dev.postern.app;

import java.time.Duration;

/// Some quick work that is done about once a second, until the thread that runs this is interrupted.
record EverySecond(Runnable work) implements Runnable {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Override
    public void run() {
        try {
            while (true) {
                Thread.sleep(SECOND);
                work.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
