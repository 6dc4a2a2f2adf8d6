package dev.postern.transport;

import dev.postern.event.Unprintable;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One run of a program that is fed on standard input, in a process group of its own.
///
/// Three threads touch it: the one that called {@link #run} and waits, and two virtual ones that
/// this starts, one to feed the program and one to read what it says, since a program may do
/// neither in the order we would like. `volatile` fields carry what those two found; the caller
/// reads them after the threads have ended, or after their time is up.
///
/// Standard input is only ever closed behind a whole message: where the message cannot be read to
/// its end the program is killed first, so that it never takes a part for the whole.
final class ProgramRun {
    /// How a run ended.
    sealed interface End {
        /// By itself.
        record Exited(int code) implements End {}

        /// Killed at its time limit.
        record TimedOut() implements End {}

        /// Killed, because the message could not be read or this server is stopping.
        record Broken(String why) implements End {}
    }

    /// Gives a process a session, and so a process group, of its own; part of util-linux.
    static final Path SET_SESSION = Path.of("/usr/bin/setsid");

    private static final String SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final int MAX_OUTPUT = 1024;
    private static final int BUFFER = 16 * 1024;

    /// How long a program that has ended may keep its output open through a child; then its group
    /// is killed.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Process process;
    private final Maildir.Writing message;
    private volatile @Nullable String unreadable;
    private volatile String output = "";

    private ProgramRun(Process process, Maildir.Writing message) {
        this.process = process;
        this.message = message;
    }

    /// Starts a program.
    ///
    /// @throws IOException if that is not possible
    static ProgramRun start(List<String> arguments, Maildir.Writing message) throws IOException {
        List<String> command = new ArrayList<>(arguments.size() + 1);
        command.add(SET_SESSION.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", SEARCH_PATH);
        return new ProgramRun(builder.start(), message);
    }

    /// Feeds the program and waits for its end.
    End run(Duration limit) {
        Thread feeder = Thread.ofVirtual().start(this::feed);
        Thread listener = Thread.ofVirtual().start(this::listen);
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                killGroup();
                listener.join(LAST_WORDS);
                return new End.TimedOut();
            }
            if (!listener.join(LAST_WORDS)) {
                killGroup();
            }
            feeder.join(LAST_WORDS);
            String why = unreadable;
            return why == null ? new End.Exited(process.exitValue()) : new End.Broken(why);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            killGroup();
            return new End.Broken("the server is stopping");
        }
    }

    /// The beginning of what the program wrote, on one line, free of control characters.
    String output() {
        return output;
    }

    private void feed() {
        Feed feed = new Feed(process.getOutputStream());
        try {
            message.to(feed);
            feed.close();
        } catch (IOException e) {
            if (!feed.refused) {
                unreadable = "the content cannot be read: " + e.getMessage();
                killGroup();
            } // else the program did not want the rest; what that means its exit code tells
        }
    }

    private void listen() {
        byte[] kept = new byte[MAX_OUTPUT];
        byte[] block = new byte[BUFFER];
        int length = 0;
        try (InputStream said = process.getInputStream()) {
            for (int n = said.read(block); n >= 0; n = said.read(block)) {
                int more = Math.min(n, MAX_OUTPUT - length);
                System.arraycopy(block, 0, kept, length, more);
                length += more;
                output = clean(new String(kept, 0, length, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            output = (output + " (then its output could not be read: " + e.getMessage() + ")").strip();
        }
    }

    private static String clean(String text) {
        return Unprintable.replaced(text.strip().replace('\n', ' '));
    }

    /// Kills the program and all that it started and that did not leave its group.
    private void killGroup() {
        process.destroyForcibly(); // also where the group is not yet there
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- \"-$1\"", "sh", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            output = (output + " (its process group could not be killed: " + e.getMessage() + ")").strip();
        }
    }

    /// The program's standard input; remembers whether it was the program that refused to be fed.
    private static final class Feed extends FilterOutputStream {
        private boolean refused;

        Feed(OutputStream pipe) {
            super(new BufferedOutputStream(pipe, BUFFER));
        }

        @Override
        public void write(int octet) throws IOException {
            byte[] one = {(byte) octet};
            write(one, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                out.write(octets, offset, length);
            } catch (IOException e) {
                refused = true;
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
            } catch (IOException e) {
                refused = true;
                throw e;
            }
        }
    }
}
