package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RehearsalTest {
    private Config config;

    @BeforeAll
    void write(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("accounts"), "joe@postern.test\t!\n");
        Path file = Files.writeString(folder.resolve("postern.toml"), """
                hostname = "mail.postern.test"
                [listen]
                mx = ["127.0.0.1:2525"]
                [domains]
                local = ["postern.test"]
                postmaster = "joe@postern.test"
                [dns]
                servers = ["127.0.0.1:1"]
                [relay]
                networks = ["192.0.2.0/28"]
                [front]
                balancers = ["192.0.2.5"]
                xclient = ["203.0.113.6"]
                [encryption]
                required-listeners = ["lmtp"]
                required-networks = ["198.51.100.0/24"]
                required-domains = ["bank.example"]
                """);
        config = switch (ConfigReader.read(file, _ -> null)) {
            case ConfigReader.Result.Good good -> good.config();
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            to=joe@postern.test                                               | true  | S: 250 2.1.5          | relay -> accept, the recipient is ours
            to=jane@postern.test                                              | false | S: 550 5.1.1          | relay -> reject
            client=203.0.113.5 to=far@away.example                            | false | S: 550 5.7.1 relaying | a stranger asked for a recipient that is not ours
            client=192.0.2.7 to=far@away.example                              | true  | S: 250 2.1.5          | network = 192.0.2.0/28
            client=192.0.2.5 to=far@away.example                              | false | S: 550 5.7.1 relaying | network = none
            client=203.0.113.6 to=far@away.example                            | false | S: 250 XCLIENT NAME   | network = none
            client=2001:db8::1 from=<> to=joe@postern.test tls=yes            | true  | C: STARTTLS           | peer = 2001:db8:0:0:0:0:0:1
            role=mx user=joe@postern.test to=far@away.example client=::1      | false | S: 502 5.5.1          | C: AUTH
            role=submission to=far@away.example                               | false | S: 530 5.7.0          | clear: encryption -> reject, users submit mail under TLS only
            role=submission user=joe@postern.test from=joe@postern.test to=far@away.example  | true  | S: 250 2.1.5 | the client has logged in
            role=submissions user=joe@postern.test from=eve@postern.test to=far@away.example | false | S: 550 5.7.1 | the sender does not belong to the user
            client=192.0.2.7 tls=yes requiretls=yes to=far@away.example       | false | S: 451 4.             | rcpt: secure-path -> defer
            client=192.0.2.7 tls=yes requiretls=yes to=joe@postern.test       | true  | C: MAIL FROM:<> REQUIRETLS | relay -> accept
            role=local from=any@body.example to=far@away.example              | true  | S: 250 2.1.5          | programs of this machine may send as anybody
            role=lmtp tls=yes to=joe@postern.test                             | true  | C: LHLO               | S: 220 mail.postern.test LMTP
            role=lmtp to=joe@postern.test                                     | false | S: 530 5.7.0          | clear: encryption -> reject, this listener requires TLS
            client=198.51.100.4 to=joe@postern.test                           | false | S: 530 5.7.0          | network = 198.51.100.0/24
            client=198.51.100.4 tls=yes to=joe@postern.test                   | true  | S: 250 2.1.5          | C: STARTTLS
            from=joe@bank.example to=joe@postern.test                         | false | S: 530 5.7.10         | mail: encryption -> reject, mail of this sender's domain is taken under TLS only
            from=joe@bank.example to=joe@postern.test tls=yes                 | true  | S: 250 2.1.0          | C: STARTTLS
            from=no<path to=joe@postern.test                                  | false | S: 501                | C: MAIL FROM:<no<path>
            to=joe@postern.test to=far@away.example client=203.0.113.5        | false | S: 250 2.1.5          | S: 550 5.7.1
            """)
    void sessionIsToldWhatItWouldBeTold(String words, boolean accepted, String line, String reason) throws Exception {
        List<String> said = new ArrayList<>();
        assertThat(CheckCommand.rehearse(config, Cast.parse(words), said::add)).isEqualTo(accepted);
        assertThat(String.join("\n", said)).contains(line).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            from=a@b                        | needs to=ADDRESS
            to=a@b from=c@d from=e@f        | says from= twice
            to=a@b client=300.1.1.1         | client must be an address
            to=a@b role=smtp                | role must be mx
            to=a@b tls=perhaps              | tls must be yes or no
            to=a@b colour=red               | does not know "colour=red"
            nonsense                        | does not know "nonsense"
            """)
    void wordsThatMakeNoSenseAreToldInASentence(String words, String sentence) {
        assertThatThrownBy(() -> Cast.parse(words)).isInstanceOf(Failure.class).hasMessageContaining(sentence);
    }
}
