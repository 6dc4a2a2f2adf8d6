package dev.postern.blackbox;

import static dev.postern.blackbox.Sentences.assertThatItSaysNo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A wrong configuration ends in a sentence with its place for each fault, whatever command reads
/// it.
final class WrongConfigurationTest {
    /// One in which every row of the table has something to spoil.
    private static final String GOOD = """
            hostname = "mail.postern.test"
            data = "data"
            [listen]
            mx = ["127.0.0.1:@PORT@"]
            [tls]
            provider = "auto"
            [domains]
            local = ["postern.test"]
            postmaster = "joe@postern.test"
            [domains.catch-all]
            "postern.test" = "joe@postern.test"
            [inboxes]
            by = "maildir"
            [relay]
            networks = ["192.0.2.0/24"]
            [relay.domains]
            "inside.test" = "192.0.2.1:25"
            [smarthost.one]
            host = "192.0.2.2"
            [delivery]
            first-wait = "1m"
            port = 25
            starttls = true
            wait-factor = 2.0
            [delivery.ports]
            "odd.test" = "2525"
            [delivery.retry."slow.test"]
            first-wait = "10m"
            [submission]
            senders = "own"
            [limits]
            message-size = "50MiB"
            recipients = 1000
            [dns]
            servers = ["127.0.0.1:5353"]
            [log]
            format = "text"
            """;

    @TempDir
    private Path folder;

    private Path file;
    private String good;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("postern.toml");
        good = GOOD.replace("@PORT@", Integer.toString(Ports.free()));
        Site.accounts(folder, "joe@postern.test");
        Files.writeString(file, good);
    }

    @Test
    void withoutASpoiledLineItIsGood() throws IOException, InterruptedException {
        Finished checked = check();
        assertThat(checked.exitCode()).as(checked.toString()).isZero();
        assertThat(checked.errors()).isEmpty();
    }

    /// What stands in the good configuration, what is written in its place, and what is to be said.
    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(
                        "hostname =",
                        "hostnam =",
                        "postern.toml:1:1: unknown key \"hostnam\"; did you mean \"hostname\"?"),
                arguments(
                        "\"mail.postern.test\"",
                        "\"not a name\"",
                        "postern.toml:1:1: \"hostname\" must be a domain name"),
                arguments("hostname = \"mail.postern.test\"", "", "\"hostname\" is missing"),
                arguments("\"mail.postern.test\"", "\"mail.postern.test", "postern.toml:1:"),
                arguments("[listen]", "[listen", "postern.toml:3:"),
                arguments("[listen]\n", "[listen]\nsmtp = [\"127.0.0.1:1\"]\n", "unknown key \"listen.smtp\""),
                arguments("mx = [\"127.0.0.1:", "mx = [\"127.0.0.1:9", "is not an address and a port"),
                arguments("mx = [", "#mx = [", "nobody listens"),
                arguments("provider = \"auto\"", "certificate = \"no.pem\"\nkey = \"no.key\"", "no.pem"),
                arguments(
                        "provider = \"auto\"",
                        "certificate = \"postern.toml\"\nkey = \"postern.toml\"",
                        "postern.toml"),
                arguments("provider = \"auto\"", "trust = \"accounts\"", "accounts"),
                arguments(
                        "local = [\"postern.test\"]",
                        "local = [\"postern..test\"]",
                        "\"postern..test\" is not a domain name"),
                arguments("postmaster = \"joe@postern.test\"", "", "postmaster"),
                arguments(
                        "postmaster = ",
                        "accounts = \"no-such-file\"\npostmaster = ",
                        "no-such-file: the accounts cannot be read: there is no such file"),
                arguments("postmaster = ", "accounts = \"postern.toml\"\npostmaster = ", "postern.toml:1: "),
                arguments(
                        "\"postern.test\" = \"joe@postern.test\"",
                        "\"foreign.test\" = \"joe@postern.test\"",
                        "\"foreign.test\" has a catch-all but is none of our domains"),
                arguments("by = \"maildir\"", "by = \"mbox\"", "\"inboxes.by\" must be one of maildir, lmtp, pipe"),
                arguments("by = \"maildir\"", "by = \"lmtp\"", "inboxes by lmtp need \"server\""),
                arguments("by = \"maildir\"", "by = \"pipe\"\ncommand = [\"maildrop\"]", "named by its absolute path"),
                arguments("by = \"maildir\"", "by = \"maildir\"\npath = \"{domain}/../{local}\"", "path"),
                arguments("\"192.0.2.0/24\"", "\"192.0.2.0/33\"", "\"192.0.2.0/33\" is not an address range"),
                arguments(
                        "\"192.0.2.1:25\"",
                        "\"192.0.2.1:0\"",
                        "relay domain \"inside.test\" = \"192.0.2.1:0\" must be a domain and"),
                arguments("\"inside.test\" = ", "\"postern.test\" = ", "postern.test"),
                arguments(
                        "host = \"192.0.2.2\"",
                        "host = \"192.0.2.2\"\nuser = \"joe\"\npassword-file = \"nowhere\"",
                        "nowhere: the password cannot be read: there is no such file"),
                arguments(
                        "first-wait = \"1m\"",
                        "first-wait = \"1 minute\"",
                        "\"delivery.first-wait\" must be a duration such as"),
                arguments("port = 25", "port = 65536", "\"delivery.port\" must be a whole number from 1 to 65535"),
                arguments(
                        "\"odd.test\" = \"2525\"",
                        "\"odd.test\" = \"many\"",
                        "\"odd.test\" = \"many\" must be a domain and a port"),
                arguments("\"50MiB\"", "\"50 MB\"", "\"limits.message-size\" must be a size such as"),
                arguments(
                        "recipients = 1000",
                        "recepients = 1000",
                        "unknown key \"limits.recepients\"; did you mean \"recipients\"?"),
                arguments(
                        "\"127.0.0.1:5353\"",
                        "\"resolver.test\"",
                        "\"resolver.test\" is not an address, with or without a port"),
                arguments("[log]", "[logs]", "unknown key \"logs\"; did you mean \"log\"?"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultEndsInASentence(String piece, String spoiled, String sentence) throws IOException, InterruptedException {
        assertThat(good).contains(piece);
        Files.writeString(file, good.replaceFirst(Pattern.quote(piece), Matcher.quoteReplacement(spoiled)));
        Finished checked = check();
        assertThatItSaysNo(checked, "the configuration has", sentence);
        assertThat(checked.output()).isEmpty();
    }

    @Test
    void allFaultsAreToldAtOnceByRunAsWell() throws IOException, InterruptedException {
        Files.writeString(
                file,
                good.replace("hostname =", "hostnam =")
                        .replace("\"50MiB\"", "\"50\"")
                        .replace("by = \"maildir\"", "by = \"mbox\"")
                        .replace("[log]", "[logs]"));
        Files.writeString(folder.resolve("aliases"), "info: nobody@postern.test\na: b\nb: a\n");
        Finished started = Postern.command(folder, new byte[0], "run", "--config", file.toString());
        assertThatItSaysNo(
                started,
                "postern.toml:1:1: unknown key \"hostnam\"",
                "\"hostname\" is missing",
                "\"limits.message-size\" must be a size",
                "\"inboxes.by\" must be one of",
                "unknown key \"logs\"",
                "aliases:2:");
        assertThat(started.errors().lines().count()).isGreaterThanOrEqualTo(7);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void fileThatIsNotThereOrNoTextIsToldApart() throws IOException, InterruptedException {
        assertThatItSaysNo(
                Postern.command(folder, new byte[0], "check", "--config", "nowhere.toml"),
                "nowhere.toml: the configuration cannot be read: there is no such file");
        Files.write(file, "hostname = \"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThatItSaysNo(check(), "postern.toml: the configuration cannot be read: it is not UTF-8 text");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatItSaysNo(
                Postern.command(empty, new byte[0], "check"), "there is no configuration file", "postern init");
        assertThatItSaysNo(
                Postern.command(folder, new byte[0], "check", "--config", "empty"),
                "empty: the configuration cannot be read");
    }

    private Finished check() throws IOException, InterruptedException {
        return Postern.command(folder, new byte[0], "check", "--config", file.toString());
    }
}
