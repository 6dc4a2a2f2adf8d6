package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigurationManualTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z.-]+)` \\|", Pattern.MULTILINE);

    @Test
    void theManualHasEveryKeyAndNoOther() throws IOException {
        String manual = Files.readString(Repository.root().resolve("doc/operator/configuration.md"));

        Set<String> described = ROW.matcher(manual)
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(described).isEqualTo(ConfigReader.keys());
    }
}
