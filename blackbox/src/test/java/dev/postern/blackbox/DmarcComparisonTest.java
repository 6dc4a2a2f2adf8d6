package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Milter;
import dev.postern.blackbox.peers.OpenDmarc;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.Rspamd;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our DMARC beside that of OpenDMARC, authheaders and Rspamd, which know RFC 7489: the same results but for the known
/// differences of the table.
final class DmarcComparisonTest {
    private static final String TABLE = "dmarc-table.txt";
    // Rspamd takes loopback addresses for its own.
    private static final String FAR = "192.0.2.1";
    private static final String CLIENT = "127.0.0.2";
    private static final String SPF = " TXT \"v=spf1 ip4:127.0.0.2 ip4:192.0.2.1 -all\"\n";
    private static final String STRANGER = "stranger.test";

    private static final Pattern OPENDMARC = Pattern.compile("dmarc=(\\w+)(?: \\(p=(\\w+))?");
    private static final Pattern RSPAMD = Pattern.compile("dmarc=(\\w+).*?(?:policy=(\\w+)|$)");
    private static final Pattern AUTHHEADERS = Pattern.compile("dmarc=(\\w+)(?:.*?policy\\.dmarc=(\\w+))?");

    @TempDir
    private Path folder;

    /// Who vouches for whom.
    private enum Situation {
        OTHER("", STRANGER, ""),
        SPF("", "", ""),
        SPF_SUB("", "mail.", ""),
        DKIM("", STRANGER, "self"),
        DKIM_SUB("", STRANGER, "mail."),
        SUB("mail.", STRANGER, ""),
        SUB_ORG("mail.", "", ""),
        MISSING("missing.", STRANGER, "");

        private final String author;
        private final String sender;
        private final String signer;

        Situation(String author, String sender, String signer) {
            this.author = author;
            this.sender = sender;
            this.signer = signer;
        }

        String author(String domain) {
            return author + domain;
        }

        String sender(String domain) {
            return sender.equals(STRANGER) ? STRANGER : sender + domain;
        }

        boolean isSigned() {
            return !signer.isEmpty();
        }

        String signer(String domain) {
            return signer.equals("self") ? domain : signer + domain;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// One message and where it comes from.
    private record Row(String domain, Situation situation) {
        String name() {
            return domain.replace(".test", "") + "-" + situation.word();
        }

        byte[] unsigned() {
            String author = situation.author(domain);
            return """
                    From: Joe Doe <joe@%s>
                    To: <somebody@final.test>
                    Date: Mon, 1 Jun 2026 12:00:00 +0000
                    Message-ID: <one@%s>
                    Subject: one

                    A line.
                    """.formatted(author, author).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        }
    }

    /// The table, read.
    private static final class Table {
        private final StringBuilder zone = new StringBuilder(STRANGER + "." + SPF);
        private final List<Row> rows = new ArrayList<>();
        private final Map<String, String> expected = new LinkedHashMap<>();
        private final Set<String> reasons = new TreeSet<>();
        private final SigningKey key;
        private String domain = "";

        Table(List<String> lines, SigningKey key) {
            this.key = key;
            lines.stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(this::read);
        }

        private void read(String line) {
            String[] words = line.split(" +", 2);
            switch (words[0]) {
                case "case" -> begin(words[1] + ".test");
                case "at" -> record(words[1].split(" ", 2));
                case "is" -> results(words[1].split(" +", -1));
                case "differs" -> difference(words[1].split(" +", -1));
                default -> throw new IllegalArgumentException(line);
            }
        }

        private void begin(String name) {
            domain = name;
            for (String each : List.of(domain, "mail." + domain)) {
                zone.append(each).append(". A 127.0.0.2\n");
                zone.append(each).append('.').append(SPF);
                zone.append(key.of(each).record());
            }
            for (Situation situation : Situation.values()) {
                rows.add(new Row(domain, situation));
            }
        }

        private void record(String[] labelsAndText) {
            String name = labelsAndText[0] + "." + domain + ".";
            zone.append(
                    labelsAndText[1].startsWith("-> ")
                            ? name + " CNAME " + labelsAndText[1].substring(3) + ".\n"
                            : name + " TXT \"" + labelsAndText[1] + "\"\n");
        }

        private void results(String[] results) {
            List<Situation> situations = List.of(Situation.values());
            for (int i = 0; i < situations.size(); i++) {
                for (String program : List.of("postern", "opendmarc", "authheaders", "rspamd")) {
                    expected.put(new Row(domain, situations.get(i)).name() + ", " + program, results[i]);
                }
            }
        }

        private void difference(String[] words) {
            reasons.add(words[3]);
            for (String situation : words[1].split(",", -1)) {
                String name = domain.replace(".test", "") + "-" + situation + ", " + words[0];
                String agreed = expected.put(name, words[2]);
                if (agreed == null || agreed.equals(words[2])) {
                    throw new IllegalArgumentException("no difference: " + name);
                }
            }
        }
    }

    private static Table table(SigningKey key) throws IOException {
        String text =
                new String(DmarcComparisonTest.class.getResourceAsStream(TABLE).readAllBytes(), StandardCharsets.UTF_8);
        return new Table(text.lines().toList(), key);
    }

    /// Each reason for a difference stands in the page on other programs.
    @Test
    void everyReasonIsExplained() throws IOException, NoSuchAlgorithmException {
        String page = Files.readString(Peers.root().resolve("doc/compatibility.md"));
        assertThat(table(SigningKey.ed25519("any.test")).reasons)
                .isNotEmpty()
                .allSatisfy(reason -> assertThat(page).contains("`" + reason + "`"));
    }

    private Map<Row, byte[]> messages(CheckedSite site, Table table) throws IOException, InterruptedException {
        List<Row> signed =
                table.rows.stream().filter(row -> row.situation.isSigned()).toList();
        List<String> signatures = site.dkimpy()
                .sign(signed.stream()
                        .map(row -> new Dkimpy.Signing(row.unsigned(), table.key.of(row.situation.signer(row.domain))))
                        .toList());
        Map<Row, byte[]> messages = new LinkedHashMap<>();
        for (Row row : table.rows) {
            String signature = row.situation.isSigned() ? signatures.get(signed.indexOf(row)) : "";
            String message = signature + new String(row.unsigned(), StandardCharsets.US_ASCII);
            messages.put(row, message.getBytes(StandardCharsets.US_ASCII));
        }
        return messages;
    }

    private static void bring(CheckedSite site, Map<Row, byte[]> messages) throws IOException {
        try (RawSmtp smtp = RawSmtp.connect(InetAddress.ofLiteral(CLIENT), site.port())) {
            Site.expect(220, smtp.reply());
            Site.expect(250, smtp.command("EHLO " + CheckedSite.HELO));
            for (Map.Entry<Row, byte[]> message : messages.entrySet()) {
                Row row = message.getKey();
                String sender = "joe@" + row.situation.sender(row.domain);
                Site.expect(250, Site.transfer(smtp, message.getValue(), sender, row.name() + "@final.test"));
            }
        }
    }

    @Test
    void weAgreeWithOthersButForWhatRfc9989HasChanged()
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        Extent.onlyInFull();
        Peers.require("knot", "dkimpy", "opendmarc", "rspamd");
        SigningKey key = SigningKey.ed25519("any.test");
        Table table = table(key);
        Map<String, String> seen = new LinkedHashMap<>();
        try (CheckedSite site = CheckedSite.start(folder, table.zone.toString(), List.of(), "dmarc = \"mark\"\n");
                OpenDmarc opendmarc =
                        OpenDmarc.start(folder.resolve("opendmarc"), site.knot().address(), CheckedSite.NAME);
                Rspamd rspamd =
                        Rspamd.start(folder.resolve("rspamd"), site.knot().port(), List.of(), key)) {
            Map<Row, byte[]> messages = messages(site, table);
            bring(site, messages);
            List<String> byAuthheaders = site.dkimpy()
                    .check(messages.entrySet().stream()
                            .map(message -> new Dkimpy.Arrival(
                                    message.getValue(),
                                    CLIENT,
                                    CheckedSite.HELO,
                                    "joe@" + message.getKey().situation.sender(message.getKey().domain)))
                            .toList());
            for (int i = 0; i < table.rows.size(); i++) {
                Row row = table.rows.get(i);
                String arrived = site.arrived(row.name());
                seen.put(row.name() + ", postern", ours(arrived));
                seen.put(
                        row.name() + ", opendmarc",
                        result(OPENDMARC, asked(opendmarc.milter(), row, believed(arrived))));
                seen.put(row.name() + ", authheaders", result(AUTHHEADERS, byAuthheaders.get(i)));
                seen.put(row.name() + ", rspamd", result(RSPAMD, asked(rspamd.milter(), row, messages.get(row))));
            }
        }
        Differences.assertNone(table.expected, seen);
        assertThat(table.rows).hasSizeGreaterThan(250);
    }

    private static String ours(String arrived) {
        String result = CheckedSite.results(arrived).getFirst().stream()
                .filter(one -> one.startsWith("dmarc="))
                .findFirst()
                .orElse("nothing");
        return result(AUTHHEADERS, result);
    }

    /// The message as it stands in our inbox. OpenDMARC 1.4 takes no address for `smtp.mailfrom`.
    private static byte[] believed(String arrived) {
        return arrived.replace("smtp.mailfrom=joe@", "smtp.mailfrom=")
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String asked(Milter milter, Row row, byte[] message) throws IOException {
        return String.join(
                        "",
                        milter.filter(
                                        new Milter.Envelope(
                                                FAR,
                                                CheckedSite.HELO,
                                                "",
                                                "joe@" + row.situation.sender(row.domain),
                                                "somebody@final.test"),
                                        message)
                                .fields())
                .replaceAll("\\s+", " ");
    }

    /// The word, and for a failure the policy.
    private static String result(Pattern pattern, String field) {
        Matcher matcher = pattern.matcher(field);
        if (!matcher.find()) {
            return "nothing";
        }
        String word = matcher.group(1);
        String policy = matcher.group(2) == null ? "none" : matcher.group(2);
        return word.equals("fail") ? "fail/" + policy : word;
    }
}
