package dev.postern.mailauth.keys;

import dev.postern.dns.DomainName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The folder of the keys, as it is now; each method looks anew.
///
/// @param path the folder, which need not exist
public record KeyFolder(Path path) {
    /// What begins the names of folders that are being made or removed.
    static final String UNFINISHED = ".";

    /// The files directly in the folder that hold active keys by their suffix, sorted.
    ///
    /// @throws IOException if the folder is not there or cannot be read
    public List<Path> activeFiles() throws IOException {
        return List.copyOf(list(path, "*" + KeyFile.SUFFIX));
    }

    /// The active keys, sorted by the names of their files; files whose names are none of keys are passed over.
    public List<KeyFile> active() throws IOException {
        return Files.isDirectory(path) ? keys(activeFiles()) : List.of();
    }

    /// The active keys of a domain.
    public List<KeyFile> active(DomainName domain) throws IOException {
        return active().stream().filter(key -> key.domain().equals(domain)).toList();
    }

    /// The keys of a domain that wait; none unless a rotation is under way.
    public List<KeyFile> waiting(DomainName domain) throws IOException {
        Path set = waitingSet(domain);
        return Files.isDirectory(set) ? keys(list(set, "*" + KeyFile.SUFFIX)) : List.of();
    }

    /// The domains whose next keys wait.
    public Set<DomainName> waiting() throws IOException {
        Set<DomainName> domains = new TreeSet<>();
        if (Files.isDirectory(waitingSets())) {
            for (Path set : list(waitingSets(), "*")) {
                String name = String.valueOf(set.getFileName());
                if (!name.startsWith(UNFINISHED)) {
                    DomainName.parse(name).ifPresent(domains::add);
                }
            }
        }
        return domains;
    }

    /// The keys that sign no more, the first retired first.
    public List<RetiredKey> retired() throws IOException {
        List<RetiredKey> keys = new ArrayList<>();
        if (Files.isDirectory(graveyard())) {
            for (Path day : list(graveyard(), "*")) {
                Optional<LocalDate> date = date(String.valueOf(day.getFileName()));
                if (date.isPresent() && Files.isDirectory(day)) {
                    keys(list(day, "*" + KeyFile.SUFFIX)).forEach(key -> keys.add(new RetiredKey(key, date.get())));
                }
            }
        }
        return List.copyOf(keys);
    }

    /// All keys there are, whatever their state.
    public List<KeyFile> all() throws IOException {
        List<KeyFile> all = new ArrayList<>(active());
        for (DomainName domain : waiting()) {
            all.addAll(waiting(domain));
        }
        retired().forEach(key -> all.add(key.file()));
        return List.copyOf(all);
    }

    /// The names of their files.
    Set<String> taken() throws IOException {
        Set<String> names = new TreeSet<>();
        all().forEach(key -> names.add(String.valueOf(key.path().getFileName())));
        return names;
    }

    /// Where the sets of keys are that wait.
    Path waitingSets() {
        return path.resolve("waiting");
    }

    /// Where the keys of a domain wait.
    Path waitingSet(DomainName domain) {
        return waitingSets().resolve(domain.text());
    }

    /// Where the keys are that sign no more.
    Path graveyard() {
        return path.resolve("retired");
    }

    private static Optional<LocalDate> date(String name) {
        try {
            return Optional.of(LocalDate.parse(name));
        } catch (DateTimeParseException none) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    private static List<KeyFile> keys(Collection<Path> files) {
        return files.stream().flatMap(file -> KeyFile.of(file).stream()).toList();
    }

    private static Set<Path> list(Path folder, String names) throws IOException {
        Set<Path> found = new TreeSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, names)) {
            stream.forEach(found::add);
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return found;
    }
}
