package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A file system in a file, mounted, whose power can be cut. Only root of a machine with loop devices can have one, and
/// a process that uses it must have ended before it is mounted anew.
final class LoopDisk implements AutoCloseable {
    private static final Duration BOUND = Duration.ofMinutes(1);

    // EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are the same, _IOR('X', 125, __u32); 2: what is only in memory, and what
    // is only in the memory of the journal, is gone.
    private static final String SHUTDOWN =
            "open(F, '<', $ARGV[0]) or die $!; my $flags = pack('L', 2); ioctl(F, 0x8004587d, $flags) or die $!";

    private final Path folder;
    private final Path mount;
    private final String options;
    private int image;
    private boolean mounted;

    private LoopDisk(Path folder, Path mount, String options) {
        this.folder = folder;
        this.mount = mount;
        this.options = options;
    }

    /// Makes an empty file system and mounts it below this folder. The test is skipped where that cannot be.
    ///
    /// @param octets its size
    /// @param format the program that makes it, and its options
    static LoopDisk make(Path folder, long octets, String... format) throws IOException {
        Peers.require("torture");
        // XFS takes the copy of remount() for the one that may still be mounted elsewhere, unless it is told not to.
        String options = format[0].endsWith("xfs") ? "loop,nouuid" : "loop";
        LoopDisk disk = new LoopDisk(folder, Files.createDirectories(folder.resolve("disk")), options);
        Path image = disk.image();
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(octets);
        }
        List<String> command = new ArrayList<>(List.of(format));
        command.add("/mnt/" + image.getFileName());
        try {
            check(Peers.exec("torture", folder, command.toArray(String[]::new)));
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
        Finished tried = disk.run("mount", "-o", options, image.toString(), disk.mount.toString());
        if (tried.exitCode() != 0) {
            Peers.lacking("this machine mounts no files: " + tried.errors().strip());
        }
        disk.mounted = true;
        return disk;
    }

    /// Where it is mounted.
    Path path() {
        return mount;
    }

    /// Cuts the power: from now on it neither reads nor writes, and has what it had been made to keep.
    void cut() throws IOException {
        check(run("perl", "-e", SHUTDOWN, mount.toString()));
    }

    /// Mounts what is on it again after a cut; the journal is played then.
    ///
    /// It is a copy: in the namespaces of other processes the old one may still be mounted.
    void remount() throws IOException {
        check(run("umount", mount.toString()));
        mounted = false;
        Path before = image();
        image++;
        check(run("cp", "--sparse=always", before.toString(), image().toString()));
        Files.delete(before);
        check(run("mount", "-o", options, image().toString(), mount.toString()));
        mounted = true;
    }

    /// Brings all that was written to the disk.
    void sync() throws IOException {
        check(run("sync", "-f", mount.toString()));
    }

    /// Octets that may still be written.
    long room() throws IOException {
        return Files.getFileStore(mount).getUsableSpace();
    }

    private Path image() {
        return folder.resolve("disk-" + image + ".image");
    }

    private Finished run(String... command) throws IOException {
        try {
            return Program.run(List.of(command), folder, Map.of(), new byte[0], BOUND);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private static IllegalStateException interrupted(InterruptedException why) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted at a disk in a file", why);
    }

    private static void check(Finished finished) throws IOException {
        if (finished.exitCode() != 0) {
            throw new IOException("a disk in a file: " + finished);
        }
    }

    @Override
    public void close() throws IOException {
        if (mounted) {
            check(run("umount", "-l", mount.toString()));
        }
        Files.deleteIfExists(image());
    }
}
