package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.observe.MailLog;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `postern run`: the server, in the foreground, until SIGTERM or SIGINT.
@Command(
        name = "run",
        description = "Runs the server in the foreground. SIGHUP reloads the configuration, SIGTERM drains and ends.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() throws Exception {
        Path file = option.file();
        Config config = option.read();
        InstantSource clock = Clock.systemUTC();
        MailLog.Format format = config.log().format().equals("json") ? MailLog.Format.JSON : MailLog.Format.TEXT;
        try (MailLog log = new MailLog(destination(config), format, clock)) {
            CountDownLatch stop = new CountDownLatch(1);
            CompletableFuture<Mta> started = new CompletableFuture<>();
            // Before the first door opens: whoever finds one open may send a signal.
            Signals.onTermination(stop::countDown);
            Signals.onHangUp(() -> reload(started.join(), file));
            try (Mta mta = Mta.start(config, log)) {
                started.complete(mta);
                log.emit(new MtaEvent.Ready(
                        config.hostname().text(),
                        Duration.ofMillis(clock.millis()
                                - ManagementFactory.getRuntimeMXBean().getStartTime())));
                stop.await();
                log.emit(new MtaEvent.Ending());
            }
        }
        return 0;
    }

    private static void reload(Mta mta, Path file) {
        try {
            mta.reload(file);
        } catch (IOException | IllegalStateException refused) {
            return; // the old configuration stays in force, and the log has the reason
        }
    }

    private static OutputStream destination(Config config) throws IOException {
        OutputStream raw = config.log().file().isPresent()
                ? Files.newOutputStream(config.log().file().get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                : new FileOutputStream(FileDescriptor.out);
        return new BufferedOutputStream(raw);
    }
}
