package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static dev.postern.blackbox.Site.expect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A user's wishes for the way of his mail: when it leaves, by when it is there, and before which other mail.
final class HandlingTest {
    private static final String JOE = "joe@postern.test";
    private static final Pattern QUEUED = Pattern.compile("queued as (\\w+)");

    private RecordingSink sink;
    private Postern postern;
    private int submission;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        sink = RecordingSink.start("PIPELINING", "DELIVERBY 2", "MT-PRIORITY");
        submission = Ports.free();
        Site.accounts(folder, JOE);
        postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        submission = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "next.test" = "127.0.0.1:%d"
                        [submission]
                        future-release = "1h"
                        """.formatted(submission, sink.port()), submission);
    }

    @AfterEach
    void stop() throws IOException {
        if (postern != null) {
            postern.close();
        }
        sink.close();
    }

    /// Submits a message and gives its id.
    private String submit(String to, String wishes) throws IOException {
        try (RawSmtp smtp = Site.loggedIn(submission, JOE)) {
            expect(250, smtp.command("MAIL FROM:<" + JOE + "> " + wishes));
            expect(250, smtp.command("RCPT TO:<" + to + ">"));
            expect(354, smtp.command("DATA"));
            smtp.send("From: <" + JOE + ">\r\nSubject: later\r\n\r\nHello.\r\n.\r\n");
            RawSmtp.Reply reply = smtp.reply();
            return found(QUEUED, reply.toString());
        }
    }

    private static String found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(pattern + " is not in " + text));
    }

    private String cli(String... words) throws IOException, InterruptedException {
        Finished finished = postern.cli(words);
        assertThat(finished.exitCode()).as("%s", finished).isZero();
        return finished.output();
    }

    private static Instant time(String key, String json) {
        return Instant.parse(found(Pattern.compile("\"" + key + "\":\"([^\"]+)\""), json));
    }

    @Test
    void whatIsHeldBackIsSeenInTheQueueAndLeavesAtItsTime() throws IOException, InterruptedException {
        String id = submit("bob@next.test", "HOLDFOR=15 BY=600;RT MT-PRIORITY=7");

        String shown = cli("queue", "show", id, "--json");
        Instant release = time("release", shown);
        assertThat(release).isEqualTo(time("arrived", shown).plusSeconds(15));
        assertThat(time("due", shown)).isEqualTo(release);
        assertThat(shown).contains("\"deliver-by\":\"", "\"priority\":7", "PRIORITY 7");
        assertThat(sink.messages()).isEmpty();

        RecordingSink.Taken taken = sink.awaitMessageTo("bob@next.test", SOON);
        assertThat(Instant.now()).isAfterOrEqualTo(release);
        assertThat(taken.mail())
                .matches("FROM:<joe@postern.test>.* BY=5\\d\\d;RT MT-PRIORITY=7")
                .doesNotContain("HOLD");
        // traced: the sender is told of each hop
        Maildir joe = new Maildir(postern.folder().resolve("mail/postern.test/joe"));
        assertThat(new String(joe.awaitMessages(1, SOON, postern::log).getFirst(), StandardCharsets.UTF_8))
                .contains("Action: relayed", "Deliver-By-Date: ", "Future-Release-Request: for;15");
        assertThat(cli("explain", id)).contains("mail: handling -> accept", "priority = 7", "hold = 15");
    }

    @Test
    void whatIsHeldBackIsThereAfterARestartAndAnOperatorLetsItGo() throws IOException, InterruptedException {
        String id = submit("carol@next.test", "HOLDFOR=3600");
        postern.restart();

        assertThat(cli("queue", "list")).contains(id).containsPattern("leaves at 20\\d\\d-");
        assertThat(sink.messages()).isEmpty();
        assertThat(cli("queue", "release", id)).isEqualTo("1 message(s) released\n");

        assertThat(sink.awaitMessageTo("carol@next.test", SOON).mail()).doesNotContain("HOLD");
    }

    @Test
    void whatCannotBeThereInTimeComesBack() throws IOException, InterruptedException {
        submit("dave@next.test", "BY=1;R"); // the next hop agrees to two seconds and more

        Maildir joe = new Maildir(postern.folder().resolve("mail/postern.test/joe"));
        assertThat(new String(joe.awaitMessages(1, SOON, postern::log).getFirst(), StandardCharsets.UTF_8))
                .contains("Action: failed", "Status: 5.4.7", "Subject: later");
        assertThat(sink.messages()).isEmpty();
    }

    @Test
    void timesBeyondTheConfiguredAreRefused() throws IOException {
        try (RawSmtp smtp = Site.loggedIn(submission, JOE)) {
            assertThat(smtp.command("EHLO client.test").texts())
                    .anyMatch(line -> line.matches("FUTURERELEASE 3600 20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"))
                    .contains("DELIVERBY", "MT-PRIORITY");
            assertThat(smtp.command("MAIL FROM:<" + JOE + "> HOLDFOR=3601").toString())
                    .startsWith("501 5.5.4 HOLDFOR is at most 3600 seconds here");
        }
    }
}
