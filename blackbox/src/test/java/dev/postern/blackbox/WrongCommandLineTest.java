package dev.postern.blackbox;

import static dev.postern.blackbox.Sentences.assertThatItSaysNo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A wrong command line ends in a sentence and an exit code; nothing is done. There are more of them in the unit test
/// of the command line: these show what the launcher, the folder and the standard input have to do with it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WrongCommandLineTest {
    private Path folder;

    /// In the folder lies a good configuration, but no server runs.
    @BeforeAll
    void write(@TempDir Path given) throws IOException {
        folder = given;
        Site.accounts(folder, "joe@postern.test");
        Files.writeString(folder.resolve("postern.toml"), """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                """.formatted(Ports.free()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            serve                                     | serve
            queue list                                | no server is running here
            user add jane@postern.test                | a password must have at least 8 characters
            init postern.test                         | postern.toml exists already; nothing was written
            sendmail                                  | nobody to send to
            sendmail 'a b@c'                          | "a b@c" is not an address
            """)
    void commandLineEndsInASentence(String line, String sentence) throws IOException, InterruptedException {
        Finished finished = Postern.command(folder, new byte[0], words(line));
        assertThatItSaysNo(finished, sentence);
        assertThat(finished.output()).isEmpty();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void nobodyAnswersAtTheServerThatIsNamed() throws IOException, InterruptedException {
        Finished sent = Postern.command(
                folder, new byte[0], "send", "--server", "127.0.0.1:" + Ports.free(), "joe@postern.test");
        assertThat(sent.exitCode()).isNotZero();
        assertThat(sent.output()).contains("-- not sent: ");
        Sentences.assertThatItHidesItsInside(sent.output() + sent.errors());
    }

    /// A server that is down is a reason to come again, as programs know it (EX_TEMPFAIL).
    @Test
    void sendmailWithoutAServerIsATemporaryFailure() throws IOException, InterruptedException {
        Finished sent = Postern.command(folder, new byte[0], "sendmail", "joe");
        assertThatItSaysNo(sent, "the server does not take mail now");
        assertThat(sent.exitCode()).isEqualTo(75);
    }

    private static String[] words(String line) {
        return Pattern.compile("'([^']*)'|(\\S+)")
                .matcher(line)
                .results()
                .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
                .toArray(String[]::new);
    }
}
