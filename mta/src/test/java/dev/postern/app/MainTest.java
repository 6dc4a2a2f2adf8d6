package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
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
            queue list --limit 0                      | --limit must be 1 or more, not 0
            queue list --limit -5                     | --limit must be 1 or more, not -5
            """)
    void wordsThatMakeNoSenseAreToldInASentence(String line, String sentence) {
        StringWriter said = new StringWriter();
        int code = Main.run(new PrintWriter(said, true), line.split(" ", -1));
        assertThat(code).isEqualTo(2);
        assertThat(said.toString()).startsWith("postern: ").contains(sentence).doesNotContain("Exception", "\tat ");
    }
}
