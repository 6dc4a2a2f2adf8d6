package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher `./postern`: which JDK it takes, when it builds, and what it starts. Where the server itself does not
/// matter, a JDK stands in whose `java` prints how it was called, and a Maven that writes down that it was.
class LauncherTest {

    private static final Path LAUNCHER =
            Path.of(System.getProperty("postern.root", "..")).resolve("postern");

    /// More than any real JDK of these years, so that only the ones of a test are new enough.
    private static final String FUTURE = "LEAST=900";

    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    /// The words for "no" of sysexits.h that the launcher uses.
    private static final int UNAVAILABLE = 69;

    @TempDir
    Path folder;

    private Path tree;
    private Path tools;
    private Path home;

    /// How a launcher ended.
    private record End(int code, String out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("find", "flock", "grep", "mkdir", "readlink", "rm", "tail", "touch")) {
            Path real = List.of("/usr/bin", "/bin").stream()
                    .map(place -> Path.of(place, tool))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            script(tools.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
        }
        tree = Files.createDirectories(folder.resolve("tree"));
        Files.createDirectories(tree.resolve("mta/src/main"));
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        Files.writeString(tree.resolve("mta/pom.xml"), "<project/>");
        copyLauncher(tree, "LEAST=25");
    }

    @Test
    void startsTheBuiltServerThroughLinksFromAnywhere() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), LAUNCHER.toRealPath());
        Path second = Files.createSymbolicLink(
                home.resolve("second"), Path.of("..", first.getFileName().toString()));
        var end = run(Map.of("PATH", "/usr/bin:/bin", "POSTERN_BUILD", "never"), home, second.toString(), "--version");
        Files.delete(first);
        assertThat(end.err()).isEmpty();
        assertThat(end.out()).startsWith("postern 0.");
        assertThat(end.code()).isZero();
    }

    @Test
    void linkCalledSendmailIsThatCommand() throws Exception {
        built();
        Path link = Files.createSymbolicLink(folder.resolve("sendmail"), tree.resolve("postern"));
        var end = run(withJdk(jdk("jdk", "25.0.1")), folder, link.toString(), "-t", "-oi", "a b");
        assertThat(end.out()).endsWith("<-jar> <" + jar() + "> <sendmail> <-t> <-oi> <a b>\n");
    }

    @Test
    void optionsOfTheCallerComeLast() throws Exception {
        built();
        Map<String, String> environment = withJdk(jdk("jdk", "25"));
        environment.put("POSTERN_JAVA_OPTS", "-Xmx1g -Da=b");
        assertThat(run(environment, folder, launcher(), "run").out())
                .containsSubsequence("<-Xmx192m>", " <-Xmx1g> <-Da=b> <-jar>")
                .contains("<--enable-native-access=ALL-UNNAMED>", "<-XX:+ExitOnOutOfMemoryError>");
    }

    @Test
    void cacheOfTheBuildIsUsedWhereThereIsOneAndMadeOnDemand() throws Exception {
        built();
        Map<String, String> environment = withJdk(jdk("jdk", "25"));
        assertThat(run(environment, folder, launcher(), "run").out()).doesNotContain("AOTCache");
        Path cache = Files.createFile(jar().resolveSibling("postern.aot"));
        assertThat(run(environment, folder, launcher(), "run").out()).contains("<-XX:AOTCache=" + cache + ">");
        environment.put("POSTERN_AOT", "make");
        assertThat(run(environment, folder, launcher(), "run").out()).contains("<-XX:AOTCacheOutput=" + cache + ">");
        assertThat(LAUNCHER.resolveSibling("mta/target/postern.aot"))
                .as("the cache that the build of this tree made")
                .isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource({
        ", , C.UTF-8",
        "LANG, C, C.UTF-8",
        "LANG, de_DE.ISO-8859-1, C.UTF-8",
        "LC_ALL, POSIX, C.UTF-8",
        "LANG, de_DE.UTF-8, ''",
        "LC_CTYPE, en_US.utf8, ''",
        "LC_ALL, fr_FR.UTF-8, fr_FR.UTF-8",
    })
    void localeAllowsEveryCharacterInNames(@Nullable String name, @Nullable String value, String expected)
            throws Exception {
        built();
        Map<String, String> environment = withJdk(jdk("jdk", "25"));
        if (name != null && value != null) {
            environment.put(name, value);
        }
        assertThat(run(environment, folder, launcher(), "run").out()).startsWith("LC_ALL=" + expected + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17.0.15", "1.8.0_402", "9", "24-ea"})
    void javaHomeThatIsTooOldIsPassedOver(String version) throws Exception {
        built();
        Path old = jdk("old", version);
        Path onPath = jdk("new", "25.0.3");
        Files.createSymbolicLink(tools.resolve("java"), onPath.resolve("bin/java"));
        assertThat(run(withJdk(old), folder, launcher(), "--java-home").out()).isEqualTo(onPath + "\n");
    }

    @Test
    void javaHomeThatIsNewEnoughComesFirst() throws Exception {
        Path chosen = jdk("chosen", "26-ea");
        Files.createSymbolicLink(tools.resolve("java"), jdk("other", "25").resolve("bin/java"));
        assertThat(run(withJdk(chosen), folder, launcher(), "--java-home").out())
                .isEqualTo(chosen + "\n");
    }

    @Test
    void oldestOfTheUsualFoldersThatIsNewEnoughIsTaken() throws Exception {
        copyLauncher(tree, FUTURE);
        jdk("home/.jdks/a", "899");
        jdk("home/.jdks/b", "902.0.1");
        Path oldest = jdk("home/.sdkman/candidates/java/c", "901.0.9");
        assertThat(run(environment(), folder, launcher(), "--java-home").out()).isEqualTo(oldest + "\n");
    }

    @Test
    void runtimeWithoutCompilerCannotBuild() throws Exception {
        copyLauncher(tree, FUTURE);
        Path runtime = jdk("jre", "901");
        Files.delete(runtime.resolve("bin/javac"));
        assertThat(run(withJdk(runtime), folder, launcher(), "--java-home").code())
                .isEqualTo(UNAVAILABLE);
    }

    @Test
    void noJdkAtAllIsOneSentence() throws Exception {
        copyLauncher(tree, FUTURE);
        var end = run(environment(), folder, launcher(), "run");
        assertThat(end.code()).isEqualTo(UNAVAILABLE);
        assertThat(end.out()).isEmpty();
        assertThat(end.err())
                .startsWith("postern: no JDK 900 or newer was found")
                .hasLineCount(1);
    }

    @Test
    void missingMavenIsOneSentence() throws Exception {
        var end = run(withJdk(jdk("jdk", "25")), folder, launcher(), "run");
        assertThat(end.code()).isEqualTo(UNAVAILABLE);
        assertThat(end.err())
                .startsWith("postern: Maven (mvn) 3.8 or newer is needed")
                .hasLineCount(1);
    }

    @Test
    void installationWithoutSourcesNeedsNeitherMavenNorCompiler() throws Exception {
        Path installed = Files.createDirectories(folder.resolve("installed"));
        copyLauncher(installed, "LEAST=25");
        Files.createDirectories(installed.resolve("lib"));
        Files.writeString(installed.resolve("postern.jar"), "");
        Path runtime = jdk("jre", "25");
        Files.delete(runtime.resolve("bin/javac"));
        var end = run(withJdk(runtime), folder, installed.resolve("postern").toString(), "check");
        assertThat(end.out()).endsWith("<-jar> <" + installed.toRealPath().resolve("postern.jar") + "> <check>\n");
        assertThat(end.err()).isEmpty();
    }

    @Test
    void installationWithoutJarSaysSo() throws Exception {
        Path installed = Files.createDirectories(folder.resolve("installed"));
        copyLauncher(installed, "LEAST=25");
        var end = run(
                withJdk(jdk("jdk", "25")), folder, installed.resolve("postern").toString(), "check");
        assertThat(end.code()).isEqualTo(UNAVAILABLE);
        assertThat(end.err()).contains("postern.jar").hasLineCount(1);
    }

    @Test
    void buildsWhatIsMissingOnceAndWhatChangedAgain() throws Exception {
        maven("");
        Map<String, String> environment = withJdk(jdk("jdk", "25"));
        var first = run(environment, folder, launcher(), "a");
        assertThat(first.err()).startsWith("postern: building, once").hasLineCount(1);
        assertThat(first.out()).endsWith("<a>\n");
        assertThat(run(environment, folder, launcher(), "b").err()).isEmpty();
        assertThat(builds()).isEqualTo(1);

        Path source = Files.writeString(tree.resolve("mta/src/main/A.java"), "");
        assertThat(run(environment, folder, launcher(), "c").err()).contains("building");
        assertThat(run(environment, folder, launcher(), "d").err()).isEmpty();
        assertThat(builds()).isEqualTo(2);

        Files.delete(source);
        assertThat(run(environment, folder, launcher(), "e").err()).contains("building");
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void buildThatFailedShowsWhyAndStartsNothing() throws Exception {
        built();
        Files.setLastModifiedTime(tree.resolve("mta/target/postern.jar"), FileTime.from(LONG_AGO));
        maven("echo '[INFO] chatter'; echo '[ERROR] A.java:[1,2] missing semicolon'; exit 1");
        var end = run(withJdk(jdk("jdk", "25")), folder, launcher(), "run");
        assertThat(end.code()).isNotZero();
        assertThat(end.out()).isEmpty();
        assertThat(end.err())
                .contains("missing semicolon", "the build failed", "mta/target/build.log")
                .doesNotContain("chatter");
    }

    @Test
    void callersAtTheSameTimeShareOneBuild() throws Exception {
        Path gate = folder.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor())
                .isZero();
        maven("read -r word <'" + gate + "'");
        Map<String, String> environment = withJdk(jdk("jdk", "25"));
        List<Process> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(start(environment, folder, launcher(), "a"));
        }
        // Each caller has said its word before the gate opens: one builds, three wait.
        List<String> words = new ArrayList<>();
        List<BufferedReader> errors = new ArrayList<>();
        for (Process caller : callers) {
            BufferedReader error = caller.errorReader(StandardCharsets.UTF_8);
            errors.add(error);
            words.add(error.readLine());
        }
        assertThat(words)
                .filteredOn("postern: waiting for another build"::equals)
                .hasSize(3);
        Files.writeString(gate, "go\n", StandardOpenOption.WRITE);
        for (Process caller : callers) {
            assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("<a>\n");
            assertThat(caller.waitFor()).isZero();
        }
        for (BufferedReader error : errors) {
            assertThat(error.readLine()).isNull();
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void nothingIsBuiltWhereThatIsForbidden() throws Exception {
        maven("");
        Map<String, String> environment = withJdk(jdk("jdk", "25"));
        environment.put("POSTERN_BUILD", "never");
        assertThat(run(environment, folder, launcher(), "a").code()).isEqualTo(UNAVAILABLE);
        assertThat(builds()).isZero();
    }

    private String launcher() {
        return tree.resolve("postern").toString();
    }

    private Path jar() throws IOException {
        return tree.toRealPath().resolve("mta/target/postern.jar");
    }

    private static void copyLauncher(Path target, String least) throws IOException {
        String text = Files.readString(LAUNCHER);
        assertThat(text).contains("LEAST=25");
        script(target.resolve("postern"), text.replace("LEAST=25", least));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Lays a jar that is newer than every source.
    private void built() throws IOException {
        Files.createDirectories(tree.resolve("mta/target/lib"));
        Files.writeString(tree.resolve("mta/target/postern.jar"), "");
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(
                jdk.resolve("bin/java"),
                "#!/bin/sh\necho LC_ALL=$LC_ALL\nprintf '<%s> ' \"$@\" | { read -r all; echo \"$all\"; }\n");
        script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        return jdk;
    }

    /// A Maven that counts its calls, does the given, and lays the jar where nothing went wrong.
    private void maven(String deed) throws IOException {
        script(tools.resolve("mvn"), """
                #!/bin/sh
                echo call >>'%s'
                %s
                mkdir -p '%s'/lib
                : >'%s'/postern.jar
                """.formatted(
                        folder.resolve("builds"), deed, tree.resolve("mta/target"), tree.resolve("mta/target")));
    }

    private long builds() throws IOException {
        Path log = folder.resolve("builds");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of("PATH", tools.toString(), "HOME", home.toString()));
    }

    private Map<String, String> withJdk(Path jdk) {
        Map<String, String> environment = environment();
        environment.put("JAVA_HOME", jdk.toString());
        return environment;
    }

    private static Process start(Map<String, String> environment, Path where, String... command) throws IOException {
        var builder = new ProcessBuilder(command).directory(where.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static End run(Map<String, String> environment, Path where, String... command) throws Exception {
        Process process = start(environment, where, command);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), out, err);
    }
}
