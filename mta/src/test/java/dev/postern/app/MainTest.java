package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainTest {
    private Path configuration;

    /// The configuration is good, but no server runs.
    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("accounts"), "joe@postern.test\t!\n");
        configuration = Files.writeString(folder.resolve("postern.toml"), """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:2525"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --fast run                                | --fast
            run fast                                  | fast
            run --config                              | --config
            check --json                              | --json
            queue list --limit many                   | many
            queue show                                | ID
            queue bounce --everything                 | --everything
            explain                                   | ID
            user add                                  | ADDRESS
            init                                      | DOMAIN
            send joe@postern.test                     | --server
            send --server 127.0.0.1:1                 | ADDRESS
            sendmail --frobnicate joe                 | --frobnicate
            verify mail.eml                           | --ip
            queue list --limit 0                      | --limit must be 1 or more, not 0
            queue list --limit -5                     | --limit must be 1 or more, not -5
            """)
    void wordsThatMakeNoSenseAreToldInASentence(String line, String sentence) {
        assertThat(fail(line, sentence)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            check --as from=a@b -c FILE               | --as needs to=ADDRESS
            queue                                     | queue needs a command: list, show, top, retry, hold, release, move, expire, remove, bounce, jobs
            queue lst                                 | lst
            queue list --older-than soon -c FILE      | --older-than must be a duration such as 30m or 4h
            queue remove -c FILE                      | which messages? Name ids, a filter such as --to example.org, or --all
            explain 0d3kx2m1q0g00 -c FILE             | no server is running here
            user                                      | user needs a command: add, passwd, list or remove
            user add joe -c FILE                      | "joe" is not an address; write name@domain
            user add joe@postern.test -c FILE         | joe@postern.test exists already
            user add joe@foreign.test -c FILE         | joe@foreign.test is in none of our domains
            user passwd jane@postern.test -c FILE     | there is no account jane@postern.test
            user remove jane@postern.test -c FILE     | there is no account jane@postern.test
            spf 'not a domain'                        | "not a domain" is not a domain name such as example.org
            dmarc 'not a domain'                      | "not a domain" is not a domain name such as example.org
            dkim example.org                          | "example.org" is not the name of a key such as s1._domainkey.example.org
            dkim                                      | dkim needs a command, rotate, list or show, or the name of a key
            dkim rotat                                | "rotat" is not the name of a key such as s1._domainkey.example.org
            dkim show example.org                     | "example.org" is not the name of a key such as
            dkim list -c FILE                         | dkim; 'postern dkim rotate DOMAIN' makes some
            dkim rotate -c FILE                       | such as 'postern dkim rotate postern.test'
            dkim rotate foreign.test -c FILE          | foreign.test is none of our domains and has no keys in
            dkim rotate 'not a domain' -c FILE        | "not a domain" is not a domain name such as example.org
            dkim rotate --time-out soon -c FILE       | --time-out must be a duration such as 30m or 4h, not "soon"
            dkim rotate postern.test --except 'a b' -c FILE | --except must be the name of a name server, not "a b"
            dkim rotate postern.test --server-port 0 -c FILE | --server-port must be 1 to 65535, not 0
            dkim rotate postern.test --dns nowhere -c FILE | --dns must be an address, with or without a port
            spf example.org --zone nowhere            | nowhere: there is no such file
            spf example.org --dns no-address          | --dns must be an address, with or without a port
            verify FILE --ip nowhere                  | --ip must be an address such as 192.0.2.1, not "nowhere"
            verify nowhere --ip 192.0.2.1             | nowhere
            verify FILE --ip 192.0.2.1 --from joe     | "joe" is not an address
            init 'not a domain'                       | "not a domain" is not a domain name such as example.org
            send --server 127.0.0.1:1 joe             | "joe" is not an address
            send --server 'a b' joe@postern.test      | "a b" is not a host with or without a port
            send --server 127.0.0.1:1 --tls maybe joe@postern.test | --tls must be none, opportunistic, starttls or implicit
            send --server 127.0.0.1:1 --file nowhere joe@postern.test | nowhere cannot be read
            """)
    void whatCannotBeDoneIsToldInASentence(String line, String sentence) {
        assertThat(fail(line, sentence)).isNotZero();
    }

    private int fail(String line, String sentence) {
        StringWriter said = new StringWriter();
        String[] words = Pattern.compile("'([^']*)'|(\\S+)")
                .matcher(line.replace("-c FILE", "--config " + configuration))
                .results()
                .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
                .toArray(String[]::new);
        int code = Main.run(new PrintWriter(said, true), words);
        assertThat(said.toString())
                .startsWith("postern: ")
                .contains(sentence)
                .doesNotContain("Exception", "\tat ", "dev.postern.");
        return code;
    }
}
