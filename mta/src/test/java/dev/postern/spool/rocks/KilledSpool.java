package dev.postern.spool.rocks;

import dev.postern.event.Events;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/// The process that {@link KillTest} kills: commits messages without end, and prints what has been
/// acknowledged, one line each: `in ID SIZE` or `out ID`. The content of a message is made from its
/// id.
public final class KilledSpool {
    private static final int THREADS = 8;
    private static final int SMALL = 6_000;
    private static final int LARGE = 400_000;

    private KilledSpool() {}

    /// `FOLDER`
    public static void main(String[] arguments) throws Exception {
        RocksSpool spool =
                RocksSpool.open(RocksSpoolSettings.in(Path.of(arguments[0])), InstantSource.system(), Events.none());
        PrintStream out = System.out;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                ends.add(threads.submit(() -> {
                    commitWithoutEnd(spool, out);
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }

    private static void commitWithoutEnd(RocksSpool spool, PrintStream out) throws Exception {
        RandomGenerator random = RandomGenerator.getDefault();
        while (true) {
            SpooledMessage message = TestMessages.simple(spool.nextId(), Instant.EPOCH);
            int size = random.nextInt(random.nextInt(10) == 0 ? LARGE : SMALL);
            try (ContentDraft draft = spool.draft(message.id())) {
                draft.write(TestMessages.content(message.id().value(), size), 0, size);
                spool.commit(List.of(new SpoolChange.Insert(message, draft)));
            }
            print(out, "in " + message.id() + " " + size);
            if (random.nextInt(3) == 0) {
                print(out, "going " + message.id());
                spool.commit(List.of(new SpoolChange.Remove(message)));
                print(out, "out " + message.id());
            }
        }
    }

    /// One write a line, so that a kill cuts no line in the middle.
    private static void print(PrintStream out, String line) {
        byte[] octets = (line + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        out.write(octets, 0, octets.length);
        out.flush();
    }
}
