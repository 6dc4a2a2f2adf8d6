package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
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
import java.time.InstantSource;
import java.util.concurrent.Callable;
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
            Mta mta = Mta.start(config, log);
            CountDownLatch stop = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            Signals.onTermination(stop::countDown, ended);
            Signals.onHangUp(() -> reload(mta, file, log));
            log.emit(new MtaEvent.Ready(
                    config.hostname().text(),
                    clock.millis() - ManagementFactory.getRuntimeMXBean().getStartTime()));
            try {
                stop.await();
                log.emit(new MtaEvent.Ending());
            } finally {
                mta.close();
                ended.countDown();
            }
        }
        return 0;
    }

    private static void reload(Mta mta, Path file, MailLog log) {
        switch (ConfigReader.read(file, System::getenv)) {
            case ConfigReader.Result.Good good -> {
                try {
                    mta.use(good.config());
                } catch (IOException | RuntimeException e) {
                    log.emit(new MtaEvent.ReloadRefused(String.valueOf(e.getMessage())));
                }
            }
            case ConfigReader.Result.Bad bad ->
                log.emit(new MtaEvent.ReloadRefused(ConfigOption.sentence(bad.faults())));
        }
    }

    private static OutputStream destination(Config config) throws IOException {
        OutputStream raw = config.log().file().isPresent()
                ? Files.newOutputStream(config.log().file().get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                : new FileOutputStream(FileDescriptor.out);
        return new BufferedOutputStream(raw);
    }
}
