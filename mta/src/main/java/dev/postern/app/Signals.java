package dev.postern.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// The signals of the operating system that a running server obeys.
final class Signals {
    /// The numbers of the signals that end us; a process that a signal ended has 128 more as its exit code.
    private static final Map<String, Integer> TERMINATIONS = Map.of("TERM", 15, "INT", 2);

    private static final int ENDED_BY_SIGNAL = 128;

    private Signals() {}

    /// Runs something at every SIGHUP, on a thread of its own; where the system has no such signal,
    /// never.
    static void onHangUp(Runnable action) {
        handle("HUP", action);
    }

    /// Runs something at the first SIGTERM or SIGINT, on a thread of its own; whoever is waited for then
    /// ends the process in good order. The second one ends it at once.
    static void onTermination(Runnable begin) {
        AtomicBoolean begun = new AtomicBoolean();
        TERMINATIONS.forEach((name, number) -> handle(name, () -> {
            if (begun.getAndSet(true)) {
                Runtime.getRuntime().halt(ENDED_BY_SIGNAL + number);
            }
            begin.run();
        }));
    }

    /// The JVM's only way to hear a signal is `sun.misc.Signal`, whose mere name is a compiler warning
    /// that cannot be suppressed; so it is called by reflection.
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object run = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), run);
        } catch (ReflectiveOperationException noSuchSignal) {
            if (!(noSuchSignal instanceof InvocationTargetException)) {
                throw new IllegalStateException("jdk.unsupported is not there", noSuchSignal);
            }
            // a system without this signal, or a JVM that was told to leave it alone: it is never heard
        }
    }
}
