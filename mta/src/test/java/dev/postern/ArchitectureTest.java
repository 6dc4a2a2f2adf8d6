package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.postern.architecture.ClassRules;
import dev.postern.architecture.Floors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The product's compiled classes keep the rules of the house.
class ArchitectureTest {

    private static final int HIGHEST_PURE_FLOOR = 3;
    private static final int HIGHEST_CLOCKLESS_FLOOR = 5;

    /// The one package on a pure floor whose job is to own threads: the committer and the readers of the store.
    private static final String STORE = "dev.postern.spool.rocks";

    private static ClassRules rules;

    @BeforeAll
    static void read() throws IOException {
        Path root = Repository.root();
        JavaClasses product = new ClassFileImporter().importPath(root.resolve("mta/target/classes"));
        assertThat(product).as("compiled classes of the product").isNotEmpty();
        rules = new ClassRules(Floors.read(root.resolve("doc/floors.txt")), product);
    }

    @Test
    void everyPackageStandsInTheListOfFloors() {
        assertThat(rules.homeless())
                .as("packages that doc/floors.txt does not name")
                .isEmpty();
    }

    @Test
    void importsGoDownOnly() {
        assertThat(rules.climbing()).as("uses that do not go down").isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(rules.unmarked())
                .as("packages without a @NullMarked package-info")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "org.rocksdb, spool.rocks",
        "org.xbill, dns.client",
        "org.eclipse.jetty, web",
        "org.shredzone, acme",
        "org.conscrypt, tls",
        "org.bouncycastle, crypto",
        "org.tomlj, app app.config",
        "picocli, app",
        "tools.jackson, app admin observe feedback",
        "com.fasterxml.jackson, app admin observe",
        "ch.qos.logback, app observe",
    })
    void libraryIsKnownToItsOwnersOnly(String library, String owners) {
        Set<String> packages =
                Stream.of(owners.split(" ", -1)).map("dev.postern."::concat).collect(Collectors.toSet());
        assertThat(rules.strays(library, packages))
                .as("uses of %s outside of %s", library, owners)
                .isEmpty();
    }

    @Test
    void pureFloorsKnowNoLogger() {
        assertThat(rules.loggersUpTo(HIGHEST_PURE_FLOOR))
                .as("loggers on floors 0 to %d", HIGHEST_PURE_FLOOR)
                .isEmpty();
    }

    @Test
    void pureFloorsStartNoThreads() {
        assertThat(rules.threadsUpTo(HIGHEST_PURE_FLOOR, Set.of(STORE)))
                .as("threads started on floors 0 to %d", HIGHEST_PURE_FLOOR)
                .isEmpty();
    }

    @Test
    void timeIsAParameterBelowTheServers() {
        assertThat(rules.wallClocksUpTo(HIGHEST_CLOCKLESS_FLOOR))
                .as("readings of the wall clock on floors 0 to %d: take an InstantSource", HIGHEST_CLOCKLESS_FLOOR)
                .isEmpty();
    }

    @Test
    void nobodyLooksUpNamesThroughThePlatform() {
        assertThat(rules.lookUps())
                .as("look-ups through the platform pin their carrier thread: ask dns.client, or InetAddress.ofLiteral")
                .isEmpty();
    }
}
