package dev.postern.mailauth.keys;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whose a key is, so that the server can read what root has made for it.
///
/// @param owner the user
/// @param group the group
/// @param groupReads whether the group may read keys: how a server gets at keys that are root's
record Ownership(UserPrincipal owner, GroupPrincipal group, boolean groupReads) {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");

    /// That of the keys which are there, else of the folder, or of the one that it is to lie in; empty where the file
    /// system knows none.
    static Optional<Ownership> in(Path folder, List<KeyFile> keys) throws IOException {
        Path like = keys.isEmpty() ? folder.toAbsolutePath() : keys.getFirst().path();
        while (!Files.exists(like) && like.getParent() != null) {
            like = like.getParent();
        }
        PosixFileAttributeView view = Files.getFileAttributeView(like, PosixFileAttributeView.class);
        if (view == null) {
            return Optional.empty();
        }
        PosixFileAttributes found = view.readAttributes();
        boolean groupReads = !keys.isEmpty() && found.permissions().contains(PosixFilePermission.GROUP_READ);
        return Optional.of(new Ownership(found.owner(), found.group(), groupReads));
    }

    /// How a file is made that nobody else may read at any moment.
    static FileAttribute<?>[] privateFile(Optional<Ownership> ownership) {
        return attributes(ownership, PRIVATE);
    }

    /// How a folder is made that nobody else may enter at any moment.
    static FileAttribute<?>[] privateFolder(Optional<Ownership> ownership) {
        return attributes(ownership, PRIVATE_FOLDER);
    }

    private static FileAttribute<?>[] attributes(Optional<Ownership> ownership, Set<PosixFilePermission> mode) {
        return ownership.isPresent()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    /// Gives a new file or folder to whom it belongs.
    void give(Path made) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        // A group that may not read them matters to nobody whose the keys are.
        boolean itsGroupMatters = groupReads || !now.owner().equals(owner);
        try {
            if (itsGroupMatters && !now.group().equals(group)) {
                view.setGroup(group);
            }
            if (!now.owner().equals(owner)) {
                view.setOwner(owner);
            }
        } catch (FileSystemException refused) {
            throw new IOException(
                    made + " cannot be given to " + owner + ":" + group + ", whose the other keys are;"
                            + " run this as that user or as root",
                    refused);
        }
        if (groupReads && !now.isDirectory()) {
            Set<PosixFilePermission> mode = EnumSet.copyOf(PRIVATE);
            mode.add(PosixFilePermission.GROUP_READ);
            view.setPermissions(mode);
        }
    }
}
