package dev.postern.architecture.low;

import dev.postern.architecture.high.Upper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/// Breaks each rule once, in a package that has no `package-info`: only to be judged by ClassRulesTest.
public final class Lower {

    /// A constant that a compiler copies into its users.
    public static final String NAME = "lower";

    /// The same as a call, which leaves a trace in the class file of its user.
    public static String name() {
        return NAME;
    }

    String climbs() {
        return new Upper().name();
    }

    void logs() {
        LoggerFactory.getLogger("lower").info("said");
    }

    void startsPlainThread() {
        new Thread(() -> {}).start();
    }

    void startsVirtualThread() {
        Thread.ofVirtual().start(() -> {});
    }

    void startsVirtualThreadQuickly() {
        Thread.startVirtualThread(() -> {});
    }

    void makesPool() {
        Executors.newVirtualThreadPerTaskExecutor().close();
    }

    CompletableFuture<String> borrowsPool() {
        return CompletableFuture.supplyAsync(() -> NAME);
    }

    InetAddress looksUp() throws IOException {
        return InetAddress.getByName(NAME);
    }

    InetSocketAddress looksUpWithPort() {
        return new InetSocketAddress(NAME, 25);
    }

    InetSocketAddress namesWithoutLookUp() throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(NAME, new byte[] {127, 0, 0, 1}), 25);
    }

    Instant readsInstant() {
        return Instant.now();
    }

    Supplier<Instant> refersToInstant() {
        return Instant::now;
    }

    long readsMillis() {
        return System.currentTimeMillis();
    }

    LocalDate readsDate() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    LocalDate readsGivenClock(Clock clock) {
        return LocalDate.now(clock);
    }

    Clock takesSystemClock() {
        return Clock.systemUTC();
    }

    long measures() {
        return System.nanoTime();
    }
}
