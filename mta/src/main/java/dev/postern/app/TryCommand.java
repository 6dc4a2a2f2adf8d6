package dev.postern.app;

import dev.postern.observe.MailLog;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern try`: a whole mail world on loopback, and the way of three messages through it.
@Command(
        name = "try",
        description =
                "Starts a server, a small DNS and \"the internet\" on loopback, and shows the way of three messages.",
        mixinStandardHelpOptions = true)
final class TryCommand implements Callable<Integer> {
    @Option(names = "--once", description = "Ends afterwards; the exit code is 0 only if all arrived.")
    private boolean once;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("postern-try");
        Path logFile = folder.resolve("mail.log");
        CountDownLatch stop = new CountDownLatch(1);
        Signals.onTermination(stop::countDown);
        try (MailLog log = new MailLog(
                        new BufferedOutputStream(Files.newOutputStream(logFile)),
                        MailLog.Format.TEXT,
                        Clock.systemUTC());
                Playground world = Playground.open(folder, log)) {
            boolean good = new Demonstration(world, out).run();
            if (!once) {
                connectHere(out, world, logFile);
                stop.await();
            }
            return good ? 0 : Failure.FAILED;
        } finally {
            delete(folder);
        }
    }

    private static void connectHere(PrintWriter out, Playground world, Path logFile) {
        out.println();
        out.println("Everything stays up until Ctrl-C. Try it yourself:");
        out.println("  submission (STARTTLS, AUTH)  " + world.submission());
        out.println("  a login                      " + Playground.ALICE + " / " + Playground.PASSWORD);
        out.println("  our port 25                  " + world.ours());
        out.println("  the internet's port 25       " + world.internet());
        out.println("  DNS                          " + world.dns());
        out.println("  our configuration            " + world.configuration());
        out.println("  the mail log of both         " + logFile);
        out.println(
                "  for example:                 POSTERN_PASSWORD=" + Playground.PASSWORD + " ./postern send --server "
                        + world.submission() + " --user " + Playground.ALICE + " --from " + Playground.ALICE + " "
                        + Playground.BOB);
        out.println("                               ./postern queue list --config " + world.configuration());
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
