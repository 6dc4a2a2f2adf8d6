package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AbsurdValuesTest {
    private static final Map<String, String> SMALL = Map.of(
            "hostname", "\"mail.example.org\"",
            "listen.mx", "[\"127.0.0.1:2525\"]",
            "domains.local", "[\"example.org\"]",
            "domains.postmaster", "\"admin@example.net\"");
    private static final List<String> VALUES = List.of(
            "0",
            "-1",
            "9223372036854775807",
            "nan",
            "inf",
            "true",
            "\"\"",
            "\"\\u001b[31m\"",
            "\"x\"",
            "\"0s\"",
            "\"1ms\"",
            "\"-1s\"",
            "\"999999999d\"",
            "\"0B\"",
            "\"999999999999GiB\"",
            "\"0.0.0.0/0\"",
            "\"::/129\"",
            "[]",
            "[1]",
            "[\"x\", \"\"]",
            "{}",
            "{ x = 1 }",
            "{ \"x.example\" = \"0\" }",
            "1979-05-27");

    @TempDir
    private Path folder;

    static Stream<String> keys() {
        return ConfigReader.keys().stream().map(key -> key.replace("NAME", "x").replace("DOMAIN", "\"x.example\""));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anyValueOfAnyKeyIsReadOrIsAFaultWithAPlace(String key) throws IOException {
        for (String value : VALUES) {
            ConfigReader.Result result = read(key, value);

            if (result instanceof ConfigReader.Result.Bad bad) {
                assertThat(bad.faults())
                        .as("%s = %s", key, value)
                        .isNotEmpty()
                        .allSatisfy(fault -> assertThat(fault.message())
                                .isNotBlank()
                                .matches(text -> text.chars().noneMatch(Character::isISOControl)));
            }
        }
    }

    private ConfigReader.Result read(String key, String value) throws IOException {
        String text = SMALL.entrySet().stream()
                .filter(line -> !line.getKey().equals(key) && !line.getKey().startsWith(key + "."))
                .map(line -> line.getKey() + " = " + line.getValue() + "\n")
                .collect(Collectors.joining());
        Path file = Files.writeString(folder.resolve("postern.toml"), text + key + " = " + value + "\n");
        ConfigReader.Result[] result = new ConfigReader.Result[1];
        assertThatCode(() -> result[0] = ConfigReader.read(file, name -> null))
                .as("%s = %s", key, value)
                .doesNotThrowAnyException();
        return result[0];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limits.command-time-out",
                "limits.idle-time",
                "limits.transaction-time",
                "limits.session-time",
                "limits.overload-time-out",
                "limits.overload-silence",
                "limits.overload-spool",
                "front.header-time-out",
                "guard.forget-after"
            })
    void aTimeOutOfNothingIsAFaultAtItsKey(String key) throws IOException {
        assertThat(read(key, "\"0s\""))
                .isInstanceOfSatisfying(
                        ConfigReader.Result.Bad.class,
                        bad -> assertThat(bad.faults())
                                .singleElement()
                                .asString()
                                .contains("\"" + key + "\" must be above zero"));
    }
}
