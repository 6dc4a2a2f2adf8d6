package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain.example                 | 0
            plain.example --json          | 0
            [mx.plain.example]            | 0
            192.0.2.7                     | 0
            [2001:db8::7]                 | 0
            none.example                  | 1
            plain.example --requiretls    | 1
            absent.example                | 1
            [absent.example]              | 75
            no_host.example               | 2
            [a b]                         | 2
            plain.example --port 0        | 2
            plain.example --port 70000    | 2
            """)
    void exitCodeTellsWhatWouldBecomeOfMail(String words, int code) throws Exception {
        Path zone = Files.writeString(folder.resolve("zone"), """
                $ORIGIN example.
                plain    MX 10 mx.plain
                mx.plain A 192.0.2.1
                none     MX 0 .
                """);
        List<String> args = new ArrayList<>(List.of("tls", "--no-connect", "--zone", zone.toString()));
        boolean bracket = words.startsWith("[a b]");
        args.addAll(bracket ? List.of(words) : List.of(words.split(" +", -1)));
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(err), args.toArray(String[]::new)))
                .as("%s", err)
                .isEqualTo(code);
    }
}
