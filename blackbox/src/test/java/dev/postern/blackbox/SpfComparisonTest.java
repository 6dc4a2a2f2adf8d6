package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our SPF beside that of pyspf, by the same name server: the same results but for the known differences of the table.
final class SpfComparisonTest {
    private static final String TABLE = "spf-table.txt";
    private static final int AT_LEAST = 100;

    @TempDir
    private Path folder;

    /// One question, and its answers.
    private record Check(String client, String sender, String ours, String theirs) {}

    /// The table, read.
    private static final class Table {
        private final StringBuilder zone = new StringBuilder();
        private final List<Check> checks = new ArrayList<>();
        private final Set<String> reasons = new TreeSet<>();
        private String domain = "";

        Table(List<String> lines) {
            lines.stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(this::read);
        }

        private void read(String line) {
            String[] words = line.split(" ", 2);
            String rest = words[1].replace("$", domain);
            switch (words[0]) {
                case "case" -> domain = words[1] + ".test";
                case "zone" -> zone.append(rest).append('\n');
                case "check" -> {
                    String[] check = rest.split(" ", -1);
                    checks.add(new Check(check[0], check[1], check[2], check[2]));
                }
                case "differs" -> {
                    String[] other = rest.split(" ", -1);
                    Check last = checks.removeLast();
                    checks.add(new Check(last.client, last.sender, last.ours, other[0]));
                    reasons.add(other[1]);
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private static Table table() throws IOException {
        String text =
                new String(SpfComparisonTest.class.getResourceAsStream(TABLE).readAllBytes(), StandardCharsets.UTF_8);
        return new Table(text.lines().toList());
    }

    /// Each reason for a difference stands in the page on other programs.
    @Test
    void everyReasonIsExplained() throws IOException {
        String page = Files.readString(Peers.root().resolve("doc/compatibility.md"));
        assertThat(table().reasons).allSatisfy(reason -> assertThat(page).contains("`" + reason + "`"));
    }

    @Test
    void weAgreeWithPyspfButForKnownDifferences() throws IOException, InterruptedException {
        Extent.onlyInFull();
        Peers.require("knot", "dkimpy");
        Table table = table();
        assertThat(table.checks).hasSizeGreaterThan(AT_LEAST);
        Map<String, String> expected = new LinkedHashMap<>();
        Map<String, String> seen = new LinkedHashMap<>();
        try (CheckedSite site = CheckedSite.start(folder, table.zone.toString(), List.of("broken.test."), "")) {
            List<String> theirs = site.dkimpy()
                    .spf(table.checks.stream()
                            .map(check -> new Dkimpy.Arrival(new byte[0], check.client, CheckedSite.HELO, check.sender))
                            .toList());
            for (int i = 0; i < table.checks.size(); i++) {
                Check check = table.checks.get(i);
                String name = check.sender + " from " + check.client;
                expected.put(name + ", postern", check.ours);
                seen.put(name + ", postern", ours(site, "n" + i, check));
                expected.put(name + ", pyspf", check.theirs);
                seen.put(name + ", pyspf", theirs.get(i));
            }
        }
        Differences.assertNone(expected, seen);
    }

    private static String ours(CheckedSite site, String recipient, Check check)
            throws IOException, InterruptedException {
        RawSmtp.Reply reply = site.bring(new CheckedSite.Mail(
                check.client, CheckedSite.HELO, "<" + check.sender + ">", recipient, Shapes.message("plain")));
        if (reply.code() != 250) {
            return reply.toString();
        }
        return CheckedSite.results(site.arrived(recipient)).getFirst().stream()
                .filter(result -> result.contains(" smtp.mailfrom="))
                .map(result -> result.replaceFirst("spf=(\\w+) .*", "$1"))
                .findFirst()
                .orElse("nothing");
    }
}
