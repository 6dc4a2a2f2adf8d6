package dev.postern.blackbox;

import static dev.postern.blackbox.Sentences.assertThatItSaysNo;
import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an operator does to a queue as a whole: jobs over many messages, rules that keep mail back, other next hops,
/// other ends, the table of lanes; over restarts and kill -9.
final class QueueAtWorkTest {
    /// Enough for several steps of a job.
    private static final int MANY = 800;

    private static final Pattern STATE = Pattern.compile("\"state\":\"(\\w+)\"");
    private static final Pattern CHANGED = Pattern.compile("\"changed\":(\\d+)");

    @TempDir
    private Path folder;

    private Postern postern;
    private int mx;
    private int next;

    /// Nobody listens at the next hop until a test starts somebody there, and nothing is tried again by itself.
    @BeforeEach
    void start() throws IOException, InterruptedException {
        mx = Ports.free();
        next = Ports.free();
        postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "next.test" = "127.0.0.1:%d"
                        "other.test" = "127.0.0.1:%d"
                        [delivery]
                        first-wait = "1h"
                        """.formatted(mx, next, next), mx);
    }

    @AfterEach
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    @Test
    void aJobThatIsKilledGoesOnAfterTheRestartAndMeansWhatItMeant() throws IOException, InterruptedException {
        queue("pause", "--domain", "next.test");
        queue("pause", "--domain", "other.test");
        List<String> spared = new ArrayList<>();
        try (RawSmtp smtp = Site.greeted(mx)) {
            for (int i = 0; i < MANY; i++) {
                submit(smtp, "user" + i + "@next.test");
                if (i % 100 == 0) {
                    spared.add(submit(smtp, "user" + i + "@other.test"));
                }
            }
        }
        assertThat(queue("hold", "--to", "@next.test", "--detach", "--json")).contains("\"job\":1,");
        // The job has begun to be worked on, and has not come to its end.
        Await.until(SOON, () -> postern.log().contains("operated id="), postern::log);
        postern.kill9();
        long before =
                Pattern.compile("operated id=").matcher(postern.log()).results().count();
        postern.restart();
        Await.until(SOON, () -> state().equals("done"), postern::log);

        String all = queue("list", "--limit", "5000", "--json");
        Matcher held = Pattern.compile("\"held\":true").matcher(all);
        assertThat(held.results().count()).isEqualTo(MANY);
        for (String id : spared) {
            assertThat(all).containsPattern("\"id\":\"" + id + "\"[^\n]*\"held\":false");
        }
        // Each was held once: those of the step that was cut off were not held again.
        Set<String> operated = new HashSet<>();
        Matcher each = Pattern.compile("operated id=(\\S+) what=held").matcher(postern.log());
        while (each.find()) {
            assertThat(operated.add(each.group(1))).as(each.group()).isTrue();
        }
        assertThat(before).isPositive();
        assertThat(Long.parseLong(group(CHANGED, queue("jobs", "--json")))).isBetween((long) MANY - 128, (long) MANY);

        // All of them go when they are let go.
        assertThat(queue("release", "--to", "@next.test")).isEqualTo(MANY + " message(s) released\n");
        try (RecordingSink sink = RecordingSink.start(next, "PIPELINING")) {
            queue("resume", "--domain", "next.test");
            sink.awaitMessages(MANY, SOON.multipliedBy(3));
            Await.until(SOON, () -> queue("list").contains(spared.size() + " message(s)"), postern::log);
            assertThat(sink.messages()).hasSize(MANY);
        }
    }

    @Test
    void mailIsKeptBackOverARestartAndGoesOnWhenTheRuleIsLifted() throws IOException, InterruptedException {
        try (RecordingSink sink = RecordingSink.start(next, "PIPELINING")) {
            assertThat(queue("pause", "--domain", "next.test", "--why", "they move house"))
                    .startsWith("domain next.test  kept back since ")
                    .endsWith(": they move house\n");
            assertThat(queue("pause", "--sender", "@example.test")).startsWith("sender @example.test");
            String kept = send("joe@next.test");
            assertThat(queue("list", "--to", "joe@next.test")).contains(kept, "kept back by the domain next.test");
            postern.kill9();
            postern.restart();
            String later = send("ann@next.test");
            assertThat(queue("holds")).contains("domain next.test  kept back", "sender @example.test  kept back");
            assertThat(queue("resume", "--sender", "@example.test")).isEqualTo("mail goes on: sender @example.test\n");
            String other = send("sue@other.test");
            Await.until(SOON, () -> postern.log().contains("delivered id=" + other), postern::log);
            assertThat(queue("list")).contains(kept, later).doesNotContain(other);
            assertThat(queue("top", "--once", "--json"))
                    .containsPattern("\"lane\":\"held:domain:next.test\"[^\n]*\"held\":true")
                    .containsPattern("\"lane\":\"host:[^\n]*\"fresh\":2");
            queue("resume", "--domain", "next.test");
            sink.awaitMessages(3, SOON);
            assertThatItSaysNo(
                    postern.cli("queue", "resume", "--domain", "next.test"),
                    "mail is not kept back by the domain next.test");
            assertThat(queue("holds")).isEmpty();
        }
    }

    @Test
    void aMessageIsMovedGivenAnEndAndSeenInTheTable() throws IOException, InterruptedException {
        int elsewhere = Ports.free();
        String moved = send("joe@next.test");
        String given = send("ann@next.test");
        for (String id : List.of(moved, given)) {
            Await.until(
                    SOON,
                    () -> Pattern.compile("(deferred|passed-over) id=" + id)
                            .matcher(postern.log())
                            .find(),
                    postern::log);
        }
        assertThat(queue("top", "--once"))
                .contains("2 message(s) counted at", "LANE", "DEFERRED")
                .containsPattern(":" + next + " +0 +0 +2 .*cannot connect");
        String end = "2099-01-01T00:00:00Z";
        assertThatItSaysNo(postern.cli("queue", "expire", given, "--at", end), "is too far away");
        assertThat(queue("expire", given, "--in", "30d")).isEqualTo("1 message(s) given another end\n");
        assertThat(queue("show", given)).contains("given up at 20");
        try (RecordingSink sink = RecordingSink.start(elsewhere, "PIPELINING")) {
            assertThat(queue("move", moved, "--via", "127.0.0.1:" + elsewhere, "--tls", "opportunistic"))
                    .isEqualTo("1 message(s) moved\n");
            sink.awaitMessageTo("joe@next.test", SOON);
            Await.until(SOON, () -> postern.log().contains("delivered id=" + moved), postern::log);
        }
        assertThat(queue("list")).contains(given).doesNotContain(moved);
    }

    @Test
    void whatCannotBeUndoneByAFilterNeedsYes() throws IOException, InterruptedException {
        queue("pause", "--domain", "next.test");
        String id = send("joe@next.test");
        for (String command : List.of("remove", "bounce")) {
            Finished refused = postern.cli("queue", command, "--all");
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.errors()).contains("nothing was done", "add --yes");
        }
        assertThat(queue("list")).contains(id);
        assertThat(queue("remove", "--to", "nobody@next.test", "--yes")).isEqualTo("0 message(s) removed\n");
        assertThat(queue("remove", "--all", "--yes")).isEqualTo("1 message(s) removed\n");
        assertThat(queue("jobs")).contains("job 2  done  remove  of all  1 changed");
        assertThatItSaysNo(postern.cli("queue", "cancel", "2"), "job 2 has ended already: done");
        assertThatItSaysNo(postern.cli("queue", "cancel", "9"), "there is no job 9");
    }

    @Test
    void aSecondStartOnTheSameSpoolIsRefusedAndTheFirstGoesOn() throws IOException, InterruptedException {
        String second = Files.readString(folder.resolve("postern.toml"))
                .replace("127.0.0.1:" + mx, "127.0.0.1:" + Ports.free());
        Files.writeString(folder.resolve("second.toml"), second);
        Finished refused = Postern.command(folder, new byte[0], "run", "--config", "second.toml");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output() + refused.errors())
                .contains("spool is in use by another process")
                .doesNotContain("\tat ");
        assertThat(queue("list")).startsWith("0 message(s)");
        send("joe@postern.test");
    }

    private String state() throws IOException, InterruptedException {
        return group(STATE, queue("jobs", "--json"));
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private String send(String to) throws IOException {
        try (RawSmtp smtp = Site.greeted(mx)) {
            return submit(smtp, to);
        }
    }

    private static String submit(RawSmtp smtp, String to) throws IOException {
        RawSmtp.Reply reply = Site.transfer(smtp, Site.message("at work"), "me@example.test", to);
        Site.expect(250, reply);
        return reply.texts().getFirst().replaceFirst(".*queued as ", "");
    }

    private String queue(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "queue";
        System.arraycopy(words, 0, all, 1, words.length);
        Finished finished = postern.cli(all);
        assertThat(finished.exitCode()).as(finished.toString()).isZero();
        return finished.output();
    }
}
