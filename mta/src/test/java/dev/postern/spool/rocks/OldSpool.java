package dev.postern.spool.rocks;

import dev.postern.event.Events;
import dev.postern.smtp.Handling;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.ManualClock;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Makes the spools that are kept from each version of the format, for {@link OldSpoolTest}.
///
/// Each has a small message, a held rich one, a large one that was deferred, and decisions; some of
/// it in table and blob files, some in the log.
public final class OldSpool {
    static final ManualClock CLOCK = ManualClock.atNoon();
    static final byte[] SMALL = TestMessages.content(1, 5000);
    static final byte[] LARGE = new byte[300_000];

    private OldSpool() {}

    /// `ZIP-FILE`
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("old-spool");
        try (RocksSpool spool = open(folder)) {
            insert(spool, small(id(1)), SMALL);
            insert(spool, rich(id(2)), SMALL);
        }
        try (RocksSpool spool = open(folder)) {
            SpooledMessage fresh = TestMessages.simple(id(3), CLOCK.instant());
            insert(spool, fresh, LARGE);
            spool.commit(List.of(
                    new SpoolChange.Update(fresh, large(id(3))),
                    new SpoolChange.Explain(id(3), List.of(TestMessages.decision(CLOCK.instant(), "defer")))));
        }
        zip(folder, Path.of(arguments[0]));
    }

    static RocksSpool open(Path folder) throws IOException {
        return RocksSpool.open(RocksSpoolSettings.in(folder), CLOCK, Events.none());
    }

    /// The id of the n-th message.
    static QueueId id(int n) {
        return new QueueId(QueueId.firstOf(CLOCK.instant()).value() + n);
    }

    static SpooledMessage small(QueueId id) {
        return TestMessages.simple(id, CLOCK.instant());
    }

    /// What was not kept yet when the first of them was made is not in it: how a message is handled on its way, and
    /// that it is no lines.
    static SpooledMessage rich(QueueId id) {
        SpooledMessage rich = TestMessages.rich(id, CLOCK.instant().plusNanos(5));
        ContentTraits traits = rich.traits();
        return new SpooledMessage(
                id,
                rich.arrived(),
                rich.origin(),
                rich.reversePath(),
                rich.parameters().withHandling(Handling.usual()),
                rich.trace(),
                new ContentTraits(traits.octets(), traits.eightBit(), traits.eightBitHeader(), traits.longestLine()),
                rich.recipients(),
                true);
    }

    static SpooledMessage large(QueueId id) {
        return TestMessages.deferred(
                TestMessages.simple(id, CLOCK.instant()), CLOCK.instant().plus(Duration.ofHours(1)));
    }

    private static void insert(RocksSpool spool, SpooledMessage message, byte[] content) throws IOException {
        try (ContentDraft draft = spool.draft(message.id())) {
            draft.write(content, 0, content.length);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
    }

    private static void zip(Path folder, Path target) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target));
                Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.getFileName().toString().startsWith("LOG")) {
                    out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                    Files.copy(file, out);
                }
            }
        }
    }
}
