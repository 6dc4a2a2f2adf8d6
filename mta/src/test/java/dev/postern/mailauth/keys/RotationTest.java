package dev.postern.mailauth.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotationTest {
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final InstantSource FIRST = InstantSource.fixed(Instant.parse("2026-10-01T12:00:00Z"));
    private static final InstantSource SECOND = InstantSource.fixed(Instant.parse("2026-11-24T23:59:59Z"));
    private static final InstantSource NEXT_DAY = InstantSource.fixed(Instant.parse("2026-11-25T00:00:01Z"));

    /// One key of each kind, since an RSA key takes half a second to make.
    private static final Map<DkimAlgorithm, String> KEYS = new EnumMap<>(DkimAlgorithm.class);

    @TempDir
    private Path temporary;

    @BeforeAll
    static void makeKeys() throws IOException {
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            KEYS.put(algorithm, DkimKey.generate(algorithm, Optional.empty()).pem());
        }
    }

    private Rotation open(InstantSource clock, Steps steps) throws IOException {
        return Rotation.open(folder(), clock, new Rotation.Workings(KEYS::get, steps));
    }

    private Rotation open(InstantSource clock) throws IOException {
        return open(clock, Steps.none());
    }

    private KeyFolder folder() {
        return new KeyFolder(temporary.resolve("dkim"));
    }

    private static List<String> selectors(List<KeyFile> keys) {
        return keys.stream().map(key -> key.selector().text()).sorted().toList();
    }

    private List<String> retired() throws IOException {
        return folder().retired().stream()
                .map(key -> key.since() + " " + key.file().selector())
                .toList();
    }

    private void makeFirst(DomainName domain) throws IOException {
        try (Rotation rotation = open(FIRST)) {
            rotation.first(domain);
        }
    }

    @Test
    void nextKeysWaitThenSignAndTheOldOnesAreKept() throws IOException {
        makeFirst(DOMAIN);
        assertThat(selectors(folder().active(DOMAIN))).containsExactly("e20261001", "r20261001");
        String old = Files.readString(folder().active(DOMAIN).getFirst().path());

        try (Rotation rotation = open(SECOND)) {
            List<KeyFile> next = rotation.begin(DOMAIN);
            assertThat(selectors(next)).containsExactly("e20261124", "r20261124");
            assertThat(next.stream().map(RotationTest::algorithm).toList())
                    .containsExactlyInAnyOrder(DkimAlgorithm.values());
            assertThat(selectors(folder().active(DOMAIN))).containsExactly("e20261001", "r20261001");
            assertThat(folder().waiting()).containsExactly(DOMAIN);

            assertThat(selectors(rotation.change(DOMAIN).retired())).containsExactly("e20261001", "r20261001");
            assertThat(selectors(folder().active(DOMAIN))).containsExactly("e20261124", "r20261124");
            assertThat(folder().waiting()).containsExactly(DOMAIN);

            rotation.end(DOMAIN);
        }
        assertThat(folder().waiting()).isEmpty();
        assertThat(retired()).containsExactly("2026-11-24 e20261001", "2026-11-24 r20261001");
        assertThat(folder().retired().getFirst().file().path()).hasContent(old);
        assertThat(selectors(folder().all())).containsExactly("e20261001", "e20261124", "r20261001", "r20261124");
    }

    private static DkimAlgorithm algorithm(KeyFile file) {
        try {
            return file.read(Optional.empty()).algorithm();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A crash in a test: what was to be done is not done any more.
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Whether all of it was done without reaching the step at which it crashes.
    private boolean rotate(InstantSource clock, int crashAfter) throws IOException {
        int[] done = {0};
        Steps steps = step -> {
            if (++done[0] == crashAfter) {
                throw new Crash();
            }
        };
        try (Rotation rotation = open(clock, steps)) {
            rotation.begin(DOMAIN);
            rotation.change(DOMAIN);
            rotation.end(DOMAIN);
            return true;
        } catch (Crash crash) {
            return false;
        }
    }

    /// One row a step: what a server that is started just then would sign with, and what waits.
    @ParameterizedTest
    @CsvSource({
        "1, KEY_WRITTEN, 'e20261001 r20261001', ''",
        "2, KEY_WRITTEN, 'e20261001 r20261001', ''",
        "3, SET_WAITS, 'e20261001 r20261001', 'e20261124 r20261124'",
        "4, KEY_ACTIVE, 'e20261001 e20261124 r20261001', 'e20261124 r20261124'",
        "5, KEY_ACTIVE, 'e20261001 e20261124 r20261001 r20261124', 'e20261124 r20261124'",
        "6, KEY_RETIRED, 'e20261124 r20261001 r20261124', 'e20261124 r20261124'",
        "7, KEY_RETIRED, 'e20261124 r20261124', 'e20261124 r20261124'",
        "8, SET_ENDED, 'e20261124 r20261124', ''",
        "9, SET_REMOVED, 'e20261124 r20261124', ''"
    })
    void crashAfterAnyStepLeavesKeysThatSignAndTheNextCallGoesOn(int number, Step step, String signing, String waiting)
            throws IOException {
        makeFirst(DOMAIN);
        int[] done = {0};
        try (Rotation rotation = open(SECOND, now -> {
            if (++done[0] == number) {
                assertThat(now).isEqualTo(step);
                throw new Crash();
            }
        })) {
            rotation.begin(DOMAIN);
            rotation.change(DOMAIN);
            rotation.end(DOMAIN);
            assertThat(step).as("a step that never comes").isNull();
        } catch (Crash crash) {
            assertThat(String.join(" ", selectors(folder().active(DOMAIN)))).isEqualTo(signing);
            assertThat(String.join(" ", selectors(folder().waiting(DOMAIN)))).isEqualTo(waiting);
            for (KeyFile key : folder().active(DOMAIN)) {
                assertThat(key.read(Optional.empty()).record()).isNotEmpty();
            }
        }
        if (number < 8) {
            assertThat(rotate(NEXT_DAY, 0)).isTrue();
            String day = number < 3 ? "20261125" : "20261124";
            assertThat(selectors(folder().active(DOMAIN))).containsExactly("e" + day, "r" + day);
            assertThat(folder().retired().stream()
                            .map(key -> key.file().selector().text())
                            .sorted())
                    .containsExactly("e20261001", "r20261001");
        } else {
            try (Rotation rotation = open(NEXT_DAY)) {
                assertThat(selectors(rotation.begin(DOMAIN))).containsExactly("e20261125", "r20261125");
            }
        }
        assertThat(unfinished()).isEmpty();
    }

    /// Files and folders that only a crash leaves.
    private List<Path> unfinished() throws IOException {
        try (Stream<Path> all = Files.walk(temporary)) {
            return all.filter(path -> String.valueOf(path.getFileName()).startsWith("."))
                    .filter(path -> !path.endsWith(".lock"))
                    .toList();
        }
    }

    /// Each call gets one step further than the one before it.
    @Test
    void crashAfterCrashEndsWithTheNextKeys() throws IOException {
        makeFirst(DOMAIN);
        int calls = 0;
        while (!rotate(SECOND, ++calls)) {
            assertThat(folder().active(DOMAIN)).isNotEmpty();
            assertThat(calls).isLessThan(20);
        }
        assertThat(calls).isGreaterThan(4);
        assertThat(folder().active(DOMAIN)).hasSize(2);
    }

    @Test
    void halfAFileOfACrashIsInNobodysWay() throws IOException {
        makeFirst(DOMAIN);
        try (Rotation rotation = open(SECOND)) {
            rotation.begin(DOMAIN);
            Path half = folder().path().resolve(".r20261124._domainkey.example.org.pem.new");
            Files.writeString(half, "-----BEGIN PRI");
            rotation.change(DOMAIN);
            rotation.end(DOMAIN);
            assertThat(half).doesNotExist();
        }
        assertThat(selectors(folder().active(DOMAIN))).containsExactly("e20261124", "r20261124");
    }

    @Test
    void otherDomainsStayAsTheyAre() throws IOException {
        DomainName other = DomainName.of("other.example.org");
        makeFirst(DOMAIN);
        makeFirst(other);
        assertThat(rotate(SECOND, 0)).isTrue();
        assertThat(selectors(folder().active(other))).containsExactly("e20261001", "r20261001");
    }

    @Test
    void selectorIsNeverUsedTwice() throws IOException {
        makeFirst(DOMAIN);
        for (int i = 0; i < 3; i++) {
            assertThat(rotate(FIRST, 0)).isTrue();
        }
        assertThat(selectors(folder().active(DOMAIN))).containsExactly("e20261001-4", "r20261001-4");
        assertThat(new TreeSet<>(retired())).hasSize(6);
    }

    @Test
    void keysOfTheAdministratorAreRetiredWithTheRest() throws IOException {
        makeFirst(DOMAIN);
        Path old = folder().active(DOMAIN).getFirst().path();
        Files.move(old, old.resolveSibling("my.own._domainkey.example.org.pem"));
        assertThat(rotate(SECOND, 0)).isTrue();
        assertThat(retired()).containsExactly("2026-11-24 my.own", "2026-11-24 r20261001");
    }

    @Test
    void onlyItsOwnerMayReadAKeyUnlessTheOthersAreReadByTheirGroup() throws IOException {
        makeFirst(DOMAIN);
        assertThat(mode(folder().path())).isEqualTo("rwx------");
        assertThat(mode(folder().active(DOMAIN).getFirst().path())).isEqualTo("rw-------");
        for (KeyFile key : folder().active(DOMAIN)) {
            Files.setPosixFilePermissions(key.path(), PosixFilePermissions.fromString("rw-rw-r--"));
        }
        assertThat(rotate(SECOND, 0)).isTrue();
        for (KeyFile key : folder().active(DOMAIN)) {
            assertThat(mode(key.path())).isEqualTo("rw-r-----");
        }
        assertThat(mode(folder().retired().getFirst().file().path().getParent()))
                .isEqualTo("rwx------");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void keyIsAsOldAsTheDayOnWhichItWasMade() throws IOException {
        makeFirst(DOMAIN);
        try (Rotation rotation = open(SECOND)) {
            KeyFile waiting = rotation.begin(DOMAIN).getFirst();
            Files.setLastModifiedTime(
                    waiting.path(), java.nio.file.attribute.FileTime.from(Instant.parse("2026-11-20T00:00:00Z")));
            rotation.change(DOMAIN);
            assertThat(folder().active(DOMAIN).getFirst().made()).isEqualTo("2026-11-20T00:00:00Z");
        }
    }

    @Test
    void keysAreFreshEachTime() throws IOException {
        try (Rotation rotation = Rotation.open(folder(), FIRST)) {
            rotation.first(DOMAIN);
            rotation.begin(DOMAIN);
        }
        List<KeyFile> all = new ArrayList<>(folder().active(DOMAIN));
        all.addAll(folder().waiting(DOMAIN));
        Set<String> contents = new TreeSet<>();
        for (KeyFile key : all) {
            contents.add(key.read(Optional.empty()).record());
        }
        assertThat(contents).hasSize(4);
    }

    @Test
    void onlyOneRotatesAtATime() throws IOException {
        try (Rotation rotation = open(FIRST)) {
            assertThatIOException()
                    .isThrownBy(() -> open(FIRST))
                    .withMessageContaining("are being rotated by this process already");
            rotation.first(DOMAIN);
        }
        open(FIRST).close();
    }

    @Test
    void whatMakesNoSenseIsRefused() throws IOException {
        makeFirst(DOMAIN);
        try (Rotation rotation = open(SECOND)) {
            assertThatIOException()
                    .isThrownBy(() -> rotation.first(DOMAIN))
                    .withMessage("example.org has keys in " + folder().path());
            assertThatIllegalStateException().isThrownBy(() -> rotation.change(DOMAIN));
        }
        assertThat(folder().active(DOMAIN)).hasSize(2);
    }

    @Test
    void folderThatIsAFileIsNoFolder() throws IOException {
        Files.writeString(temporary.resolve("dkim"), "");
        assertThatIOException().isThrownBy(() -> open(FIRST));
    }

    @ParameterizedTest
    @CsvSource({
        "s._domainkey.example.org.pem, s, example.org",
        "a.b._domainkey.example.org.pem, a.b, example.org",
        "S._domainkey.Example.ORG.pem, s, example.org",
        "s._domainkey.example.org, ,",
        "s.example.org.pem, ,",
        "_domainkey.example.org.pem, ,",
        "._domainkey.example.org.pem, ,",
        "s._domainkey.pem, ,",
        "s._domainkey..pem, ,",
        "s._domainkey.a b.pem, ,"
    })
    void nameOfAFileTellsWhoseKeyItHolds(String name, String selector, String domain) {
        assertThat(KeyFile.of(Path.of("dkim", name)).map(key -> key.selector() + " " + key.domain()))
                .isEqualTo(Optional.ofNullable(selector).map(one -> one + " " + domain));
    }

    @Test
    void whatElseLiesInTheFolderIsNoKey() throws IOException {
        makeFirst(DOMAIN);
        Path path = folder().path();
        Files.createDirectories(path.resolve("retired/yesterday"));
        Files.createDirectories(path.resolve("retired/2026-01-02"));
        Files.writeString(path.resolve("retired/2026-01-02/notes"), "");
        Files.writeString(path.resolve("retired/2026-01-03"), "");
        Files.createDirectories(path.resolve("waiting/not a domain"));
        Files.writeString(path.resolve("README"), "");
        assertThat(folder().retired()).isEmpty();
        assertThat(folder().waiting()).isEmpty();
        assertThat(folder().active()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--", "rw-----w-"})
    void keyThatIsOpenToEverybodyIsNotUsed(String mode) throws IOException {
        makeFirst(DOMAIN);
        KeyFile key = folder().active(DOMAIN).getFirst();
        Files.setPosixFilePermissions(key.path(), PosixFilePermissions.fromString(mode));
        assertThatIOException()
                .isThrownBy(() -> key.read(Optional.empty()))
                .withMessageContaining("open to everybody on this machine (" + mode + ")");
    }
}
