package dev.postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the compiled classes may know of each other and of libraries: floors, owners and forbidden
/// calls.
class ArchitectureTest {

    private static final int HIGHEST_PURE_FLOOR = 3;
    private static final int HIGHEST_CLOCKLESS_FLOOR = 5;

    /// The one package on a pure floor whose job is to own threads: the committer and the readers
    /// of the store.
    private static final String STORE = "dev.postern.spool.rocks";

    private static final Set<String> NAME_LOOK_UPS =
            Set.of("getByName", "getAllByName", "getLocalHost", "getCanonicalHostName");

    private static Floors floors;
    private static JavaClasses product;

    @BeforeAll
    static void read() throws IOException {
        Path root = Repository.root();
        floors = Floors.read(root.resolve("doc/floors.txt"));
        product = new ClassFileImporter().importPath(root.resolve("mta/target/classes"));
        assertThat(product).as("compiled classes of the product").isNotEmpty();
    }

    @Test
    void everyPackageStandsInTheListOfFloors() {
        Set<String> homeless = product.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> floors.of(name).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(homeless).as("packages that doc/floors.txt does not name").isEmpty();
    }

    @Test
    void importsGoDownOnly() {
        assertThat(offences(this::climbs)).as("imports that do not go down").isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> marked = product.stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .filter(type -> type.isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        Set<String> unmarked = product.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !marked.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unmarked).as("packages without a @NullMarked package-info").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "org.rocksdb, spool.rocks",
        "org.xbill, dns.client",
        "org.eclipse.jetty, admin",
        "org.conscrypt, tls",
        "org.bouncycastle, crypto",
        "org.tomlj, app app.config",
        "picocli, app",
        "tools.jackson, app admin observe",
        "com.fasterxml.jackson, app admin observe",
        "ch.qos.logback, app observe",
    })
    void libraryIsKnownToItsOwnersOnly(String library, String owners) {
        Set<String> allowed =
                Stream.of(owners.split(" ", -1)).map("dev.postern."::concat).collect(Collectors.toSet());
        Predicate<Dependency> strays = use -> inside(use.getTargetClass(), library)
                && !allowed.contains(use.getOriginClass().getPackageName());
        assertThat(offences(use -> strays.test(use) ? Stream.of(use.getDescription()) : Stream.empty()))
                .as("uses of %s outside of %s", library, owners)
                .isEmpty();
    }

    @Test
    void pureFloorsKnowNoLogger() {
        assertThat(offences(use -> upTo(HIGHEST_PURE_FLOOR, use.getOriginClass())
                                && (inside(use.getTargetClass(), "org.slf4j")
                                        || inside(use.getTargetClass(), "java.util.logging")
                                        || use.getTargetClass().getName().equals("java.lang.System$Logger"))
                        ? Stream.of(use.getDescription())
                        : Stream.empty()))
                .as("loggers on floors 0 to %d", HIGHEST_PURE_FLOOR)
                .isEmpty();
    }

    @Test
    void pureFloorsStartNoThreads() {
        assertThat(accesses(access -> upTo(HIGHEST_PURE_FLOOR, access.getOriginOwner())
                        && !access.getOriginOwner().getPackageName().equals(STORE)
                        && startsThread(access)))
                .as("threads started on floors 0 to %d", HIGHEST_PURE_FLOOR)
                .isEmpty();
    }

    @Test
    void nobodyLooksUpNamesThroughThePlatform() {
        assertThat(accesses(ArchitectureTest::looksUpName))
                .as("look-ups through InetAddress pin their carrier thread: ask dns.client, or InetAddress.ofLiteral")
                .isEmpty();
    }

    @Test
    void timeIsAParameterBelowTheServers() {
        assertThat(accesses(access -> upTo(HIGHEST_CLOCKLESS_FLOOR, access.getOriginOwner()) && readsWallClock(access)))
                .as("readings of the wall clock on floors 0 to %d: take an InstantSource", HIGHEST_CLOCKLESS_FLOOR)
                .isEmpty();
    }

    private Stream<String> climbs(Dependency use) {
        String from = use.getOriginClass().getPackageName();
        String to = use.getTargetClass().getBaseComponentType().getPackageName();
        OptionalInt low = floors.of(to);
        OptionalInt high = floors.of(from);
        if (from.equals(to) || low.isEmpty() || high.isEmpty() || low.getAsInt() < high.getAsInt()) {
            return Stream.empty();
        }
        return Stream.of("%s (floor %d) uses %s (floor %d): %s"
                .formatted(from, high.getAsInt(), to, low.getAsInt(), use.getDescription()));
    }

    private static boolean startsThread(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        boolean starts = switch (name) {
            case "start", "startVirtualThread" -> true;
            case "unstarted", "factory" -> owner.startsWith("java.lang.Thread$Builder");
            default -> false;
        };
        boolean thread = access.getTargetOwner().isAssignableTo(Thread.class) || owner.startsWith("java.lang.Thread$");
        return (thread && starts)
                || owner.equals("java.util.concurrent.Executors")
                || owner.equals("java.util.Timer")
                || (name.equals("<init>") && owner.endsWith("ThreadPoolExecutor"))
                || (name.equals("<init>") && owner.equals("java.util.concurrent.ForkJoinPool"));
    }

    private static boolean looksUpName(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        List<String> parameters = parameterTypes(access);
        boolean first = !parameters.isEmpty() && parameters.getFirst().equals("java.lang.String");
        return switch (owner) {
            case "java.net.InetAddress", "java.net.Inet4Address", "java.net.Inet6Address" ->
                NAME_LOOK_UPS.contains(name) || name.equals("getHostName");
            case "java.net.InetSocketAddress" -> (name.equals("<init>") && first) || name.equals("getHostName");
            case "java.net.Socket" -> name.equals("<init>") && first;
            default -> false;
        };
    }

    private static List<String> parameterTypes(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
    }

    private static boolean readsWallClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        List<String> parameters = parameterTypes(access);
        return (owner.equals("java.lang.System") && name.equals("currentTimeMillis"))
                || (owner.startsWith("java.time.") && name.equals("now") && !parameters.contains("java.time.Clock"))
                || (owner.equals("java.time.Clock") && name.startsWith("system"))
                || (owner.equals("java.time.InstantSource") && name.equals("system"))
                || (owner.equals("java.util.Date") && name.equals("<init>") && parameters.isEmpty());
    }

    private static boolean inside(JavaClass type, String packageName) {
        String name = type.getBaseComponentType().getPackageName();
        return name.equals(packageName) || name.startsWith(packageName + ".");
    }

    private static boolean upTo(int floor, JavaClass type) {
        OptionalInt own = floors.of(type.getPackageName());
        return own.isPresent() && own.getAsInt() <= floor;
    }

    private static Collection<String> offences(Function<Dependency, Stream<String>> rule) {
        return product.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .flatMap(rule)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Collection<String> accesses(Predicate<JavaAccess<?>> rule) {
        return product.stream()
                .flatMap(type -> Stream.concat(
                        type.getAccessesFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream()))
                .filter(rule)
                .map(JavaAccess::getDescription)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
