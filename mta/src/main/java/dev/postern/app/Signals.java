package dev.postern.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/// The signals of the operating system that a running server obeys.
final class Signals {
    private Signals() {}

    /// Runs something at every SIGHUP, on a thread of its own; where the system has no such signal,
    /// never.
    ///
    /// The JVM's only way to hear it is `sun.misc.Signal`, whose mere name is a compiler warning
    /// that
    /// cannot be suppressed; so it is called by reflection.
    static void onHangUp(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object run = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), run);
        } catch (ReflectiveOperationException noSuchSignal) {
            if (!(noSuchSignal instanceof InvocationTargetException)) {
                throw new IllegalStateException("jdk.unsupported is not there", noSuchSignal);
            }
            // a system without SIGHUP: no reload by signal
        }
    }

    /// Lets SIGTERM and SIGINT begin the shutdown and waits in it until `ended` counts down, so
    /// that a drain can finish.
    static void onTermination(Runnable begin, CountDownLatch ended) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            begin.run();
                            try {
                                ended.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "shutdown"));
    }
}
