package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenSectionTest {
    @TempDir
    private Path folder;

    private WrittenConfig written() {
        return new WrittenConfig(folder, """
                hostname = "mail.example.org"
                [domains]
                postmaster = "joe@elsewhere.example"
                [listen]
                mx = "127.0.0.1:25"
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http = "127.0.0.1:25"                          | "listen.http" has 127.0.0.1:25, which "listen.mx" has already
            https = ["[::1]:443", "[::1]:443"]             | "listen.https" has [0:0:0:0:0:0:0:1]:443, which "listen.https" has already
            lmtp = "unix:a"; submission = "127.0.0.1:25"   | "listen.submission" has 127.0.0.1:25, which "listen.mx" has already
            http = "mail.example.org:80"                   | is not an address and a port, such as "0.0.0.0:80"
            https = "0.0.0.0"                              | is not an address and a port, such as "0.0.0.0:443"
            https = 443                                    | "listen.https" must be a list of texts
            htttps = "0.0.0.0:443"                         | did you mean "https"?
            """)
    void whatIsWrongIsToldWithItsPlace(String lines, String fault) throws IOException {
        assertThat(written().faults(lines.replace("; ", "\n") + "\n"))
                .singleElement()
                .satisfies(one -> assertThat(one.message()).contains(fault))
                .satisfies(one -> assertThat(one.line()).isBetween(6, 7));
    }

    /// The system finds another port for each.
    @Test
    void portZeroMayStandTwice() throws IOException {
        assertThat(written().read("http = \"127.0.0.1:0\"\nhttps = \"127.0.0.1:0\"\n"))
                .isInstanceOf(ConfigReader.Result.Good.class);
    }
}
