package dev.postern.mailauth.keys;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Replaces the keys of domains, in steps that may end anywhere: whatever a crash leaves behind, some key of the domain
/// signs, its record is published, and the same call goes on. One process at a time may do it in a folder, and in that
/// one thread.
///
/// 1. {@link #begin}: the next keys wait, an RSA and an Ed25519 key under selectors that were never used.
/// 2. Their records are published; whoever calls sees to it.
/// 3. {@link #change}: they become active, then all others are retired. In between both sign.
/// 4. {@link #end}: they wait no more. Before it a running server is told; where that fails, the same call goes on at
/// 2.
public final class Rotation implements AutoCloseable {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final String LOCK = ".lock";

    private final KeyFolder folder;
    private final KeyDisk disk;
    private final InstantSource clock;
    private final Workings workings;
    private final FileChannel lock;

    private Rotation(KeyFolder folder, KeyDisk disk, InstantSource clock, Workings workings) throws IOException {
        this.folder = folder;
        this.disk = disk;
        this.clock = clock;
        this.workings = workings;
        this.lock = lock(folder.path(), disk);
    }

    /// Opens a folder of keys for rotation; it is made where there is none.
    ///
    /// @param clock tells the day
    /// @throws IOException with a sentence for the administrator, if the folder cannot be used, or another process
    ///     rotates keys in it
    public static Rotation open(KeyFolder folder, InstantSource clock) throws IOException {
        return open(folder, clock, new Workings(Rotation::generate, Steps.none()));
    }

    /// What a test may do in another way.
    ///
    /// @param maker makes keys
    /// @param steps hears of each step
    record Workings(KeyMaker maker, Steps steps) {}

    /// Makes a new key, as PEM text.
    @FunctionalInterface
    interface KeyMaker {
        /// The key.
        ///
        /// @throws IOException if the machine cannot
        String pem(DkimAlgorithm algorithm) throws IOException;
    }

    private static String generate(DkimAlgorithm algorithm) throws IOException {
        return DkimKey.generate(algorithm, Optional.empty()).pem();
    }

    static Rotation open(KeyFolder folder, InstantSource clock, Workings workings) throws IOException {
        KeyDisk disk = new KeyDisk(Ownership.in(folder.path(), folder.active()));
        disk.folder(folder.path());
        return new Rotation(folder, disk, clock, workings);
    }

    private static FileChannel lock(Path folder, KeyDisk disk) throws IOException {
        FileChannel file = disk.open(folder.resolve(LOCK), StandardOpenOption.CREATE);
        try {
            FileLock taken = file.tryLock();
            if (taken != null) {
                return file;
            }
        } catch (OverlappingFileLockException ours) {
            file.close();
            throw new IOException("the keys in " + folder + " are being rotated by this process already", ours);
        }
        file.close();
        throw new IOException("the keys in " + folder + " are being rotated by another process; wait for it or end it");
    }

    /// Makes the first keys of a domain, which sign at once.
    ///
    /// @throws IOException if the domain has keys
    public List<KeyFile> first(DomainName domain) throws IOException {
        if (!folder.active(domain).isEmpty()) {
            throw new IOException(domain + " has keys in " + folder.path());
        }
        return make(domain, folder.path());
    }

    /// The next keys of a domain; they are made unless they wait already.
    public List<KeyFile> begin(DomainName domain) throws IOException {
        disk.remove(made(domain));
        disk.remove(ended(domain));
        List<KeyFile> waiting = folder.waiting(domain);
        if (!waiting.isEmpty()) {
            return waiting;
        }
        disk.folder(made(domain));
        make(domain, made(domain));
        disk.move(made(domain), folder.waitingSet(domain));
        workings.steps().done(Step.SET_WAITS);
        return folder.waiting(domain);
    }

    private List<KeyFile> make(DomainName domain, Path into) throws IOException {
        List<KeyFile> made = new ArrayList<>();
        String day = DAY.format(today());
        Set<String> taken = folder.taken();
        String suffix = "";
        for (int number = 2; isTaken(taken, day + suffix, domain); number++) {
            suffix = "-" + number;
        }
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            Path file = into.resolve(KeyFile.nameOf(letter(algorithm) + day + suffix, domain));
            disk.write(file, workings.maker().pem(algorithm));
            KeyFile.of(file).ifPresent(made::add);
            workings.steps().done(Step.KEY_WRITTEN);
        }
        return made;
    }

    private static boolean isTaken(Set<String> taken, String selector, DomainName domain) {
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            if (taken.contains(KeyFile.nameOf(letter(algorithm) + selector, domain))) {
                return true;
            }
        }
        return false;
    }

    private static String letter(DkimAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_SHA256 -> "r";
            case ED25519_SHA256 -> "e";
        };
    }

    /// The keys that wait become active, and all others of the domain are retired.
    ///
    /// @throws IllegalStateException if none wait
    public Change change(DomainName domain) throws IOException {
        List<KeyFile> waiting = folder.waiting(domain);
        if (waiting.isEmpty()) {
            throw new IllegalStateException("no keys of " + domain + " wait");
        }
        Set<Path> next = new HashSet<>();
        for (KeyFile key : waiting) {
            Path active = folder.path().resolve(String.valueOf(key.path().getFileName()));
            next.add(active);
            disk.copy(key.path(), active);
            workings.steps().done(Step.KEY_ACTIVE);
        }
        List<KeyFile> retired = new ArrayList<>();
        for (KeyFile key : folder.active(domain)) {
            if (!next.contains(key.path())) {
                retire(key);
                retired.add(key);
                workings.steps().done(Step.KEY_RETIRED);
            }
        }
        return new Change(retired, today());
    }

    /// A change of keys.
    ///
    /// @param retired the keys that were retired by it
    /// @param on the day (UTC)
    public record Change(List<KeyFile> retired, LocalDate on) {
        public Change {
            retired = List.copyOf(retired);
        }
    }

    private void retire(KeyFile key) throws IOException {
        Path day = folder.graveyard().resolve(today().toString());
        disk.folder(day);
        disk.move(key.path(), day.resolve(String.valueOf(key.path().getFileName())));
    }

    /// Ends the rotation of a domain: nothing waits any more.
    public void end(DomainName domain) throws IOException {
        disk.move(folder.waitingSet(domain), ended(domain));
        workings.steps().done(Step.SET_ENDED);
        disk.remove(ended(domain));
        workings.steps().done(Step.SET_REMOVED);
    }

    private Path made(DomainName domain) {
        return folder.waitingSets().resolve(KeyFolder.UNFINISHED + "made-" + domain);
    }

    private Path ended(DomainName domain) {
        return folder.waitingSets().resolve(KeyFolder.UNFINISHED + "ended-" + domain);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /// Lets others rotate.
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
