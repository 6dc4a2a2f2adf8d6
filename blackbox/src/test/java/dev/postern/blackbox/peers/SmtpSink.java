package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A running `smtp-sink` of Postfix: takes every message and throws it away, counting.
public final class SmtpSink implements AutoCloseable {
    // What -c prints, each time over the line before: sess=1 quit=1 mesg=1
    private static final Pattern COUNTERS = Pattern.compile("mesg=(\\d+)");
    private static final String BACKLOG = "1000";

    private final int port;
    private final ServedPeer served;

    private SmtpSink(int port, ServedPeer served) {
        this.port = port;
        this.served = served;
    }

    /// Starts it on a free port of 127.0.0.1; returns when it listens.
    ///
    /// @param options of smtp-sink on top of the counting, such as `-8` or `-d dump/m.`; it may write to `dump`
    public static SmtpSink start(Path path, String... options) throws IOException, InterruptedException {
        return start(path, Ports.free(), options);
    }

    /// The same on a given port.
    public static SmtpSink start(Path path, int port, String... options) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        folder.folder("dump", Folder.VMAIL);
        List<String> command = new ArrayList<>(List.of("smtp-sink", "-c", "-u", "vmail"));
        command.addAll(List.of(options));
        command.addAll(List.of("127.0.0.1:" + port, BACKLOG));
        return new SmtpSink(port, ServedPeer.start("postfix", folder.path(), command, port));
    }

    /// Its port on 127.0.0.1.
    public int port() {
        return port;
    }

    /// The process at the root of all that belong to it.
    public long pid() {
        return served.pid();
    }

    /// How many messages it has taken, as it last said.
    public int messages() {
        Matcher counters = COUNTERS.matcher(served.endOfLog());
        int count = 0;
        while (counters.find()) {
            count = Integer.parseInt(counters.group(1));
        }
        return count;
    }

    /// Waits until it has taken this many messages at least.
    ///
    /// @throws AssertionError after the bound
    public void awaitMessages(int count, Duration bound) throws IOException, InterruptedException {
        Await.until(bound, () -> messages() >= count, () -> count + " messages in the sink, it has " + messages());
    }

    /// Everything that it has written, counters included.
    public String log() {
        return served.log();
    }

    @Override
    public void close() {
        served.close();
    }
}
