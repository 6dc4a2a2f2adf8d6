package dev.postern.mailauth.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipTest {
    @TempDir
    private Path folder;

    /// A folder that root has made and given to the server's user often keeps root's group, to which that user cannot
    /// give anything.
    @Test
    void groupThatReadsNothingIsLeftAlone() throws IOException {
        Path file = Files.createFile(folder.resolve("key"));
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        PosixFileAttributes before = view.readAttributes();
        GroupPrincipal other = folder.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByGroupName(before.group().getName().equals("daemon") ? "bin" : "daemon");

        new Ownership(before.owner(), other, false).give(file);

        assertThat(view.readAttributes().group()).isEqualTo(before.group());
    }
}
