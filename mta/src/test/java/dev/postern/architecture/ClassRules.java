package dev.postern.architecture;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// What compiled classes may know of each other, of libraries and of the platform. Each method answers with the
/// offences, one sentence each; an empty answer is a kept rule.
///
/// @param floors the list that gives each package its height
/// @param classes the classes that are judged
public record ClassRules(Floors floors, JavaClasses classes) {

    private static final Set<String> ADDRESS_LOOK_UPS =
            Set.of("getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName");

    /// The packages that the list of floors does not name.
    public SortedSet<String> homeless() {
        return sorted(classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> floors.of(name).isEmpty()));
    }

    /// The uses that stay on their floor or climb.
    public SortedSet<String> climbing() {
        return sorted(uses().filter(this::climbs).map(this::bothFloors));
    }

    /// The packages without a `package-info` that says `@NullMarked`.
    public SortedSet<String> unmarked() {
        Set<String> marked = classes.stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .filter(type -> type.isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        return sorted(classes.stream().map(JavaClass::getPackageName).filter(name -> !marked.contains(name)));
    }

    /// The uses of a library, named by its topmost package, outside of the packages that own it.
    public SortedSet<String> strays(String library, Set<String> owners) {
        return sorted(uses().filter(use -> inside(use.getTargetClass(), library))
                .filter(use -> !owners.contains(use.getOriginClass().getPackageName()))
                .map(Dependency::getDescription));
    }

    /// The uses of a logger from this floor down.
    public SortedSet<String> loggersUpTo(int floor) {
        return sorted(uses().filter(use -> upTo(floor, use.getOriginClass()))
                .filter(use -> isLogger(use.getTargetClass()))
                .map(Dependency::getDescription));
    }

    /// The threads that are started from this floor down, but for the packages whose job it is to own some.
    public SortedSet<String> threadsUpTo(int floor, Set<String> exceptions) {
        return sorted(accesses()
                .filter(access -> upTo(floor, access.getOriginOwner()))
                .filter(access -> !exceptions.contains(access.getOriginOwner().getPackageName()))
                .filter(ClassRules::startsThread)
                .map(JavaAccess::getDescription));
    }

    /// The readings of the wall clock from this floor down. `System.nanoTime` measures and is no such reading.
    public SortedSet<String> wallClocksUpTo(int floor) {
        return sorted(accesses()
                .filter(access -> upTo(floor, access.getOriginOwner()))
                .filter(ClassRules::readsWallClock)
                .map(JavaAccess::getDescription));
    }

    /// The look-ups of names and addresses through the platform's resolver.
    public SortedSet<String> lookUps() {
        return sorted(accesses().filter(ClassRules::looksUp).map(JavaAccess::getDescription));
    }

    private boolean climbs(Dependency use) {
        String from = use.getOriginClass().getPackageName();
        String to = use.getTargetClass().getBaseComponentType().getPackageName();
        OptionalInt high = floors.of(from);
        OptionalInt low = floors.of(to);
        return !from.equals(to) && high.isPresent() && low.isPresent() && low.getAsInt() >= high.getAsInt();
    }

    private String bothFloors(Dependency use) {
        String from = use.getOriginClass().getPackageName();
        String to = use.getTargetClass().getBaseComponentType().getPackageName();
        return "%s (floor %d) uses %s (floor %d): %s"
                .formatted(
                        from, floors.of(from).orElseThrow(), to, floors.of(to).orElseThrow(), use.getDescription());
    }

    private static boolean isLogger(JavaClass type) {
        return inside(type, "org.slf4j")
                || inside(type, "java.util.logging")
                || type.getName().startsWith("java.lang.System$Logger");
    }

    private static boolean startsThread(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        return switch (name) {
            case "start", "startVirtualThread" ->
                owner.isAssignableTo(Thread.class) || owner.getName().startsWith("java.lang.Thread$Builder");
            case "supplyAsync", "runAsync" -> owner.getName().equals("java.util.concurrent.CompletableFuture");
            case "<init>" ->
                Set.of(
                                "java.util.Timer",
                                "java.util.concurrent.ForkJoinPool",
                                "java.util.concurrent.ThreadPoolExecutor",
                                "java.util.concurrent.ScheduledThreadPoolExecutor")
                        .contains(owner.getName());
            default -> owner.getName().equals("java.util.concurrent.Executors");
        };
    }

    private static boolean looksUp(JavaAccess<?> access) {
        String name = access.getTarget().getName();
        return switch (access.getTargetOwner().getName()) {
            case "java.net.InetAddress", "java.net.Inet4Address", "java.net.Inet6Address" ->
                ADDRESS_LOOK_UPS.contains(name);
            case "java.net.InetSocketAddress" ->
                name.equals("getHostName") || (name.equals("<init>") && takesTextFirst(access));
            case "java.net.Socket" -> name.equals("<init>") && takesTextFirst(access);
            default -> false;
        };
    }

    private static boolean readsWallClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        return switch (name) {
            case "currentTimeMillis" -> owner.equals("java.lang.System");
            case "now" ->
                owner.startsWith("java.time.") && !parameterTypes(access).contains("java.time.Clock");
            case "system", "systemUTC", "systemDefaultZone" ->
                owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource");
            case "<init>" ->
                owner.equals("java.util.Date") && parameterTypes(access).isEmpty();
            default -> false;
        };
    }

    private static boolean takesTextFirst(JavaAccess<?> access) {
        List<String> parameters = parameterTypes(access);
        return !parameters.isEmpty() && parameters.getFirst().equals("java.lang.String");
    }

    private static List<String> parameterTypes(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
    }

    private static boolean inside(JavaClass type, String packageName) {
        String name = type.getBaseComponentType().getPackageName();
        return name.equals(packageName) || name.startsWith(packageName + ".");
    }

    private boolean upTo(int floor, JavaClass type) {
        OptionalInt own = floors.of(type.getPackageName());
        return own.isPresent() && own.getAsInt() <= floor;
    }

    private Stream<Dependency> uses() {
        return classes.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }

    /// Calls and method references alike.
    private Stream<JavaAccess<?>> accesses() {
        return classes.stream()
                .flatMap(type -> Stream.concat(
                        type.getAccessesFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream()));
    }

    private static SortedSet<String> sorted(Stream<String> offences) {
        return offences.collect(Collectors.toCollection(TreeSet::new));
    }
}
