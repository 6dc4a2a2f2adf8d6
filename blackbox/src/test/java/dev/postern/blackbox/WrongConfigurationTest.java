package dev.postern.blackbox;

import static dev.postern.blackbox.Sentences.assertThatItHidesItsInside;
import static dev.postern.blackbox.Sentences.assertThatItSaysNo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A wrong configuration ends in a sentence with its place for each fault, whatever command reads
/// it, and in nothing else.
final class WrongConfigurationTest {
    private static final int EX_CONFIG = 78;

    /// One in which every fault below has a line to spoil.
    private static final String GOOD = """
            hostname = "mail.postern.test"
            data = "data"
            [listen]
            mx = ["127.0.0.1:2525"]
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
            longest-wait = "5h"
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

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("postern.toml");
        Site.accounts(folder, "joe@postern.test");
        Files.writeString(folder.resolve("lame"), "joe@postern.test\njim\n");
        Files.writeString(folder.resolve("circle"), "info: office\n\noffice: info\n");
        Files.writeString(file, GOOD);
    }

    /// What is written in the place of one line, and all that is then said.
    record Spoiling(String line, String written, List<Said> said) {
        private static Spoiling of(String line, String written, Said... said) {
            return new Spoiling(line, written, List.of(said));
        }

        private String in(String text) {
            String lines = "\n" + text;
            assertThat(lines).contains("\n" + line + "\n");
            return lines.replace("\n" + line + "\n", "\n" + written + "\n").substring(1);
        }
    }

    /// A fault that is told: where it is, and the sentence.
    ///
    /// @param place the place, or within the configuration the line itself
    record Said(String place, boolean isLine, String sentence) {
        private static Said ofLine(String line, String sentence) {
            return new Said(line, true, sentence);
        }

        private static Said of(String place, String sentence) {
            return new Said(place, false, sentence);
        }

        private String in(String text) {
            return "  " + (isLine ? "postern.toml:" + number(text) + ":1" : place) + ": " + sentence;
        }

        private int number(String text) {
            List<String> lines = text.lines().toList();
            assertThat(lines).contains(place);
            return lines.indexOf(place) + 1;
        }
    }

    /// Spoilings that do not touch each other; each list makes one file.
    static List<List<Spoiling>> faults() {
        return List.of(
                List.of(
                        Spoiling.of(
                                "hostname = \"mail.postern.test\"",
                                "hostnam = \"mail.postern.test\"",
                                Said.of(
                                        "postern.toml",
                                        "\"hostname\" is missing; write the name that the PTR record of this"
                                                + " server's address has, such as hostname = \"mail.example.org\""),
                                Said.ofLine(
                                        "hostnam = \"mail.postern.test\"",
                                        "unknown key \"hostnam\"; did you mean \"hostname\"?")),
                        Spoiling.of(
                                "mx = [\"127.0.0.1:2525\"]",
                                "",
                                Said.of(
                                        "postern.toml",
                                        "nobody listens: write at least mx = [\"0.0.0.0:25\", \"[::]:25\"]"
                                                + " below [listen]")),
                        Spoiling.of(
                                "provider = \"auto\"",
                                "certificate = \"no.pem\"\nkey = \"no.key\"",
                                Said.ofLine("certificate = \"no.pem\"", "no.pem does not exist")),
                        Spoiling.of(
                                "postmaster = \"joe@postern.test\"",
                                "",
                                Said.of(
                                        "postern.toml",
                                        "domains.postmaster: nobody gets the mail for abuse@postern.test;"
                                                + " name an address for it, create the account, or write an alias"),
                                Said.of(
                                        "postern.toml",
                                        "domains.postmaster: nobody gets the mail for"
                                                + " postmaster@postern.test; name an address for it, create the"
                                                + " account, or write an alias")),
                        Spoiling.of(
                                "\"postern.test\" = \"joe@postern.test\"",
                                "\"foreign.test\" = \"joe@postern.test\"",
                                Said.ofLine(
                                        "\"foreign.test\" = \"joe@postern.test\"",
                                        "\"foreign.test\" has a catch-all but is none of our domains; add it"
                                                + " to local below [domains]")),
                        Spoiling.of(
                                "by = \"maildir\"",
                                "by = \"mbox\"",
                                Said.ofLine(
                                        "by = \"mbox\"",
                                        "\"inboxes.by\" must be one of maildir, lmtp, pipe, not \"mbox\"")),
                        Spoiling.of(
                                "networks = [\"192.0.2.0/24\"]",
                                "networks = [\"192.0.2.0/33\"]",
                                Said.ofLine(
                                        "networks = [\"192.0.2.0/33\"]",
                                        "in \"relay.networks\", \"192.0.2.0/33\" is not an address range"
                                                + " such as \"192.0.2.0/24\": a prefix of 33 bits; it has 0 to 32")),
                        Spoiling.of(
                                "\"inside.test\" = \"192.0.2.1:25\"",
                                "\"inside.test\" = \"192.0.2.1:0\"",
                                Said.ofLine(
                                        "\"inside.test\" = \"192.0.2.1:0\"",
                                        "relay domain \"inside.test\" = \"192.0.2.1:0\" must be a domain and"
                                                + " \"mx\" or a host such as \"inside.example.org:25\"")),
                        Spoiling.of(
                                "host = \"192.0.2.2\"",
                                "host = \"192.0.2.2\"\nuser = \"joe\"\npassword-file = \"nowhere\"",
                                Said.of("nowhere", "the password cannot be read: there is no such file")),
                        Spoiling.of(
                                "first-wait = \"1m\"",
                                "first-wait = \"1 minute\"",
                                Said.ofLine(
                                        "first-wait = \"1 minute\"",
                                        "\"delivery.first-wait\" must be a duration such as \"30s\", \"5m\","
                                                + " \"4h\" or \"5d\", not \"1 minute\"")),
                        Spoiling.of(
                                "port = 25",
                                "port = 65536",
                                Said.ofLine(
                                        "port = 65536", "\"delivery.port\" must be a whole number from 1 to 65535")),
                        Spoiling.of(
                                "\"odd.test\" = \"2525\"",
                                "\"odd.test\" = \"many\"",
                                Said.ofLine(
                                        "\"odd.test\" = \"many\"",
                                        "\"odd.test\" = \"many\" must be a domain and a port, such as \"2525\"")),
                        Spoiling.of(
                                "message-size = \"50MiB\"",
                                "message-size = \"50 MB\"",
                                Said.ofLine(
                                        "message-size = \"50 MB\"",
                                        "\"limits.message-size\" must be a size such as \"512KiB\" or"
                                                + " \"50MiB\", not \"50 MB\"")),
                        Spoiling.of(
                                "recipients = 1000",
                                "recepients = 1000",
                                Said.ofLine(
                                        "recepients = 1000",
                                        "unknown key \"limits.recepients\"; did you mean \"recipients\"?")),
                        Spoiling.of(
                                "servers = [\"127.0.0.1:5353\"]",
                                "servers = [\"resolver.test\"]",
                                Said.ofLine(
                                        "servers = [\"resolver.test\"]",
                                        "in \"dns.servers\", \"resolver.test\" is not an address, with or"
                                                + " without a port")),
                        Spoiling.of(
                                "[log]",
                                "[logs]",
                                Said.ofLine("[logs]", "unknown key \"logs\"; did you mean \"log\"?"))),
                List.of(
                        Spoiling.of(
                                "hostname = \"mail.postern.test\"",
                                "hostname = \"not a name\"",
                                Said.ofLine(
                                        "hostname = \"not a name\"",
                                        "\"hostname\" must be a domain name, not \"not a name\"")),
                        Spoiling.of(
                                "[listen]",
                                "[listen]\nsmtp = [\"127.0.0.1:25\"]",
                                Said.ofLine(
                                        "smtp = [\"127.0.0.1:25\"]",
                                        "unknown key \"listen.smtp\"; did you mean \"lmtp\"?")),
                        Spoiling.of(
                                "provider = \"auto\"",
                                "certificate = \"accounts\"\nkey = \"accounts\"",
                                Said.ofLine("certificate = \"accounts\"", "there is no certificate in accounts")),
                        Spoiling.of(
                                "local = [\"postern.test\"]",
                                "local = [\"postern.test\", \"postern..test\"]\naccounts = \"no-such-file\"",
                                Said.ofLine(
                                        "local = [\"postern.test\", \"postern..test\"]",
                                        "in \"domains.local\", \"postern..test\" is not a domain name"),
                                Said.of("no-such-file", "the accounts cannot be read: there is no such file")),
                        Spoiling.of(
                                "by = \"maildir\"",
                                "by = \"lmtp\"",
                                Said.ofLine(
                                        "by = \"lmtp\"",
                                        "inboxes by lmtp need \"server\", such as server ="
                                                + " \"unix:/run/dovecot/lmtp\"")),
                        Spoiling.of(
                                "[relay.domains]",
                                "[relay.domains]\n\"postern.test\" = \"mx\"",
                                Said.ofLine(
                                        "[relay.domains]",
                                        "postern.test is one of our own domains and a relay domain; its"
                                                + " inboxes are here or elsewhere, so remove it from one of them")),
                        Spoiling.of(
                                "host = \"192.0.2.2\"",
                                "user = \"joe\"",
                                Said.of("postern.toml", "smarthost \"one\" needs \"host\"")),
                        Spoiling.of(
                                "starttls = true",
                                "starttls = \"yes\"",
                                Said.ofLine("starttls = \"yes\"", "\"delivery.starttls\" must be true or false")),
                        Spoiling.of(
                                "wait-factor = 2.0",
                                "wait-factor = 0.5",
                                Said.ofLine(
                                        "wait-factor = 0.5",
                                        "\"delivery.wait-factor\" must be a number from 1.0 to 100.0")),
                        Spoiling.of(
                                "[delivery.retry.\"slow.test\"]",
                                "[delivery.retry.\"slow..test\"]",
                                Said.ofLine("[delivery.retry.\"slow..test\"]", "\"slow..test\" is not a domain name")),
                        Spoiling.of(
                                "senders = \"own\"",
                                "senders = \"mine\"",
                                Said.ofLine(
                                        "senders = \"mine\"",
                                        "\"submission.senders\" must be one of own, domain, any, not \"mine\"")),
                        Spoiling.of(
                                "message-size = \"50MiB\"",
                                "message-size = \"1KiB\"",
                                Said.ofLine(
                                        "message-size = \"1KiB\"",
                                        "\"limits.message-size\" must be 64KiB or more (RFC 5321 section 4.5.3.1.7)"))),
                List.of(
                        Spoiling.of(
                                "mx = [\"127.0.0.1:2525\"]",
                                "mx = [\"127.0.0.1:2525\", \"127.0.0.1:92525\", \"mail.postern.test\"]",
                                Said.ofLine(
                                        "mx = [\"127.0.0.1:2525\", \"127.0.0.1:92525\", \"mail.postern.test\"]",
                                        "in \"listen.mx\", \"127.0.0.1:92525\" is not an address and a port,"
                                                + " such as \"0.0.0.0:25\" or \"[::]:25\""),
                                Said.ofLine(
                                        "mx = [\"127.0.0.1:2525\", \"127.0.0.1:92525\", \"mail.postern.test\"]",
                                        "in \"listen.mx\", \"mail.postern.test\" is not an address and a"
                                                + " port, such as \"0.0.0.0:25\" or \"[::]:25\"")),
                        Spoiling.of(
                                "provider = \"auto\"",
                                "trust = \"accounts\"",
                                Said.ofLine("trust = \"accounts\"", "there is no certificate in accounts")),
                        Spoiling.of(
                                "local = [\"postern.test\"]",
                                "local = [\"postern.test\"]\naccounts = \"lame\"",
                                Said.of(
                                        "lame:1",
                                        "expected: address, Argon2id hash or !, senders; set the password"
                                                + " with \"postern user passwd joe@postern.test\""),
                                Said.of("lame:2", "\"jim\" is not an address; write name@domain")),
                        Spoiling.of(
                                "by = \"maildir\"",
                                "by = \"pipe\"\ncommand = [\"maildrop\"]",
                                Said.ofLine(
                                        "command = [\"maildrop\"]",
                                        "\"inboxes.command\": the program of a pipe must be named by its"
                                                + " absolute path")),
                        Spoiling.of(
                                "host = \"192.0.2.2\"",
                                "host = \"192.0.2.2\"\nuser = \"joe\"",
                                Said.ofLine(
                                        "user = \"joe\"",
                                        "smarthost \"one\": \"user\" and \"password-file\" (or"
                                                + " \"password-env\") belong together")),
                        Spoiling.of(
                                "first-wait = \"1m\"",
                                "first-wait = \"5h\"",
                                Said.ofLine(
                                        "first-wait = \"5h\"",
                                        "\"first-wait\" must be above zero and not above \"longest-wait\""))),
                List.of(
                        Spoiling.of(
                                "postmaster = \"joe@postern.test\"",
                                "postmaster = \"jim@postern.test\"\naliases = \"circle\"",
                                Said.ofLine(
                                        "postmaster = \"jim@postern.test\"",
                                        "domains.postmaster: jim@postern.test is nobody here: there is no"
                                                + " such inbox or alias; correct the name, or create the account"),
                                Said.of(
                                        "circle:1:7",
                                        "the aliases lead in a circle: office@postern.test ->"
                                                + " info@postern.test -> office@postern.test; break it here"),
                                Said.of(
                                        "circle:3:9",
                                        "the aliases lead in a circle: info@postern.test ->"
                                                + " office@postern.test -> info@postern.test; break it here")),
                        Spoiling.of("\"postern.test\" = \"joe@postern.test\"", ""),
                        Spoiling.of(
                                "by = \"maildir\"",
                                "by = \"maildir\"\npath = \"{domain}/../{local}\"",
                                Said.ofLine(
                                        "path = \"{domain}/../{local}\"",
                                        "\"inboxes.path\": the path of the inboxes must not hold ..:"
                                                + " mail/{domain}/../{local}"))));
    }

    @Test
    void withoutASpoiledLineItIsGood() throws IOException, InterruptedException {
        Finished checked = check();
        assertThat(checked.exitCode()).as(checked.toString()).isZero();
        assertThat(checked.errors()).isEmpty();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("faults")
    void everyFaultIsASentenceWithItsPlaceAndThereIsNothingElse(List<Spoiling> spoilings)
            throws IOException, InterruptedException {
        List<String> sentences = spoil(spoilings);
        assertThatItTells(check(), sentences);
    }

    @Test
    void commandsThatReadItTellTheSame() throws IOException, InterruptedException {
        List<String> sentences = spoil(faults().getFirst());
        assertThatItTells(command("run"), sentences);
        assertThatItTells(command("queue", "list"), sentences);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void whatIsNoTomlIsASentenceWithItsPlace() throws IOException, InterruptedException {
        List<String> sentences = spoil(List.of(
                Spoiling.of(
                        "hostname = \"mail.postern.test\"",
                        "hostname = \"mail.postern.test",
                        Said.of("postern.toml:1:30", "Unexpected end of line, expected \" or a character")),
                Spoiling.of("[listen]", "[listen", Said.of("postern.toml:3:8", "Unexpected end of line, expected ]"))));
        assertThatItTells(check(), sentences);
    }

    @Test
    void fileThatIsNotThereOrNoTextIsToldApart() throws IOException, InterruptedException {
        assertThatItSaysNo(
                Postern.command(folder, new byte[0], "check", "--config", "nowhere.toml"),
                "nowhere.toml: the configuration cannot be read: there is no such file");
        Files.write(file, "hostname = \"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThatItTells(check(), List.of("  postern.toml: the configuration cannot be read: it is not UTF-8 text"));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatItSaysNo(
                Postern.command(empty, new byte[0], "check"), "there is no configuration file", "postern init");
        assertThatItSaysNo(
                Postern.command(folder, new byte[0], "check", "--config", "empty"),
                "empty: the configuration cannot be read");
    }

    /// Writes the good configuration with all of these spoilings.
    ///
    /// @return the sentences that are to be said, each a line of the output
    private List<String> spoil(List<Spoiling> spoilings) throws IOException {
        String text = GOOD;
        for (Spoiling spoiling : spoilings) {
            text = spoiling.in(text);
        }
        Files.writeString(file, text);
        List<String> sentences = new ArrayList<>();
        for (Spoiling spoiling : spoilings) {
            for (Said said : spoiling.said()) {
                sentences.add(said.in(text));
            }
        }
        return sentences;
    }

    private void assertThatItTells(Finished finished, List<String> sentences) {
        assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(EX_CONFIG);
        assertThat(finished.output()).isEmpty();
        List<String> lines = finished.errors().replace(folder + "/", "").lines().toList();
        int count = sentences.size();
        assertThat(lines.getFirst())
                .isEqualTo("postern: the configuration has " + (count == 1 ? "a fault:" : count + " faults:"));
        assertThat(lines.subList(1, lines.size())).containsExactlyInAnyOrderElementsOf(sentences);
        assertThatItHidesItsInside(finished.errors());
    }

    private Finished check() throws IOException, InterruptedException {
        return command("check");
    }

    private Finished command(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", file.toString()));
        return Postern.command(folder, new byte[0], all.toArray(String[]::new));
    }
}
