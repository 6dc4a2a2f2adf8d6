package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SigningKey;
import dev.postern.blackbox.peers.Swaks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Mail in good and in bad order comes from four addresses: what SPF, DKIM and DMARC say of it,
/// what becomes of it, and that foreign programs say the same.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthenticationTest {
    private static final String STRANGER = "other.test";

    // By the client's address everything that SPF can say.
    private static final String SPF =
            " TXT \"v=spf1 ip4:127.0.0.2 ~ip4:127.0.0.3 -ip4:127.0.0.4 include:broken.test -all\"\n";

    private static final String CLIENTS = """
            2.0.0.127.in-addr.arpa. PTR mail.client.test.
            mail.client.test. A 127.0.0.2
            3.0.0.127.in-addr.arpa. PTR liar.client.test.
            liar.client.test. A 127.0.0.99
            helo-with-spf.test. TXT "v=spf1 ip4:127.0.0.2 -all"
            """;

    // A line of the mail log: id and sender, the author in the reply, and why.
    private static final Pattern REFUSED = Pattern.compile(
            " message-refused [^\n]* (message=\\w+ sender=\\S+) [^\n]*\"550 5\\.7\\.1 [^\n]* is from ([^ ,]+),[^\n]*"
                    + " why=\"([^;]*);");

    private Path folder;
    private CheckedSite site;
    private SigningKey rsa;
    private SigningKey ed25519;

    private enum Spf {
        PASS("127.0.0.2", "iprev=pass policy.iprev=127.0.0.2"),
        SOFTFAIL("127.0.0.3", "iprev=fail policy.iprev=127.0.0.3"),
        FAIL("127.0.0.4", "iprev=permerror policy.iprev=127.0.0.4"),
        TEMPERROR("127.0.0.5", "iprev=temperror policy.iprev=127.0.0.5"),
        NONE("127.0.0.2", "iprev=pass policy.iprev=127.0.0.2");

        private final String client;
        private final String iprev;

        Spf(String client, String iprev) {
            this.client = client;
            this.iprev = iprev;
        }
    }

    private enum Dkim {
        NONE,
        RSA,
        ED25519,
        BROKEN_BODY,
        OTHER_DOMAIN
    }

    private enum Alignment {
        SAME,
        SUBDOMAIN_RELAXED,
        SUBDOMAIN_STRICT,
        OTHER
    }

    private enum Policy {
        NONE,
        QUARANTINE,
        REJECT
    }

    /// One combination.
    private record Row(Spf spf, Dkim dkim, Alignment alignment, Policy policy) {
        static List<Row> all() {
            List<Row> rows = new ArrayList<>();
            for (Spf spf : Spf.values()) {
                for (Dkim dkim : Dkim.values()) {
                    for (Alignment alignment : Alignment.values()) {
                        for (Policy policy : Policy.values()) {
                            rows.add(new Row(spf, dkim, alignment, policy));
                        }
                    }
                }
            }
            return rows;
        }

        /// The domain in From, without hyphens: authheaders takes them for the end of the local
        /// part.
        String author() {
            return word(policy) + (alignment == Alignment.SUBDOMAIN_STRICT ? "strict" : "relaxed") + plain() + ".test";
        }

        /// The domain that SPF and DKIM speak of.
        String sender() {
            return switch (alignment) {
                case SAME -> author();
                case SUBDOMAIN_RELAXED, SUBDOMAIN_STRICT -> "mail." + author();
                case OTHER -> "other" + plain() + ".test";
            };
        }

        private String plain() {
            return spf == Spf.NONE ? "plain" : "";
        }

        String recipient() {
            return String.join(".", word(spf), word(dkim), word(alignment), word(policy));
        }

        private boolean isAligned() {
            return alignment == Alignment.SAME || alignment == Alignment.SUBDOMAIN_RELAXED;
        }

        /// What the result of DMARC must be.
        String dmarc() {
            if (isAligned() && (spf == Spf.PASS || dkim == Dkim.RSA || dkim == Dkim.ED25519)) {
                return "pass";
            }
            return isAligned() && spf == Spf.TEMPERROR ? "temperror" : "fail";
        }

        boolean isRefused() {
            return dmarc().equals("fail") && policy == Policy.REJECT;
        }

        /// It might have to be refused, and DNS cannot tell now.
        boolean isDeferred() {
            return dmarc().equals("temperror") && policy == Policy.REJECT;
        }

        /// The results in the inbox.
        List<String> results(String signature) {
            String asked = dmarc().equals("fail") && policy != Policy.NONE ? " policy.dmarc=" + word(policy) : "";
            return List.of(
                    spf.iprev,
                    "spf=" + word(spf) + " smtp.mailfrom=joe@" + sender(),
                    dkimResult(signature),
                    "arc=none",
                    "dmarc=" + dmarc() + asked + " header.from=" + author());
        }

        private String dkimResult(String signature) {
            return switch (dkim) {
                case NONE -> "dkim=none";
                case RSA -> "dkim=pass header.d=" + sender() + " header.s=rsa header.a=rsa-sha256" + begin(signature);
                case ED25519 ->
                    "dkim=pass header.d=" + sender() + " header.s=ed header.a=ed25519-sha256" + begin(signature);
                case BROKEN_BODY ->
                    "dkim=fail header.d=" + sender() + " header.s=rsa header.a=rsa-sha256" + begin(signature);
                case OTHER_DOMAIN ->
                    "dkim=pass header.d=" + STRANGER + " header.s=ed header.a=ed25519-sha256" + begin(signature);
            };
        }

        /// The first characters of `b=`; a slash in a value makes it a quoted string.
        private static String begin(String signature) {
            String value =
                    signature.replaceAll("\\s", "").replaceFirst(".*;b=", "").substring(0, 8);
            return " header.b=" + (value.matches("[A-Za-z0-9+]+") ? value : "\"" + value + "\"");
        }
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException, NoSuchAlgorithmException {
        Peers.require("knot", "dkimpy");
        folder = given;
        rsa = SigningKey.rsa(STRANGER);
        ed25519 = SigningKey.ed25519(STRANGER);
        site = CheckedSite.start(folder, zone(), List.of("broken.test.", "5.0.0.127.in-addr.arpa."), "");
    }

    @AfterAll
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    private String zone() {
        StringBuilder zone = new StringBuilder(CLIENTS);
        Row.all().stream()
                .flatMap(row -> Stream.of(row.author(), row.sender()))
                .distinct()
                .forEach(domain -> {
                    zone.append(rsa.of(domain).record())
                            .append(ed25519.of(domain).record());
                    zone.append(domain).append(". A 127.0.0.2\n");
                    if (!domain.contains("plain")) {
                        zone.append(domain).append('.').append(SPF);
                    }
                });
        Row.all().stream().map(Row::author).distinct().forEach(domain -> {
            String mode = domain.contains("strict") ? "s" : "r";
            String policy = domain.replaceFirst("(strict|relaxed).*", "");
            zone.append("_dmarc.%s. TXT \"v=DMARC1; p=%s; adkim=%s; aspf=%s\"%n".formatted(domain, policy, mode, mode));
        });
        return zone.toString();
    }

    private static byte[] unsigned(String author) {
        return """
                From: Joe Doe <joe@%s>
                To: <somebody@final.test>
                Date: Mon, 1 Jun 2026 12:00:00 +0000
                Message-ID: <one@%s>
                Subject: one

                A line.
                """.formatted(author, author).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// The signature of each row that has one: rows that look alike share one.
    private Map<Row, String> signatures() throws IOException, InterruptedException {
        Map<String, Dkimpy.Signing> wanted = new LinkedHashMap<>();
        for (Row row : Row.all()) {
            if (row.dkim() != Dkim.NONE) {
                wanted.put(signature(row), new Dkimpy.Signing(unsigned(row.author()), key(row)));
            }
        }
        List<String> fields = site.dkimpy().sign(List.copyOf(wanted.values()));
        List<String> names = List.copyOf(wanted.keySet());
        Map<Row, String> signatures = new LinkedHashMap<>();
        for (Row row : Row.all()) {
            signatures.put(row, row.dkim() == Dkim.NONE ? "" : fields.get(names.indexOf(signature(row))));
        }
        return signatures;
    }

    private String signature(Row row) {
        return row.author() + " " + key(row).domain() + " " + key(row).selector();
    }

    private SigningKey key(Row row) {
        return switch (row.dkim()) {
            case RSA, BROKEN_BODY -> rsa.of(row.sender());
            case ED25519 -> ed25519.of(row.sender());
            case NONE, OTHER_DOMAIN -> ed25519;
        };
    }

    private static byte[] message(Row row, String signature) {
        String message = signature + new String(unsigned(row.author()), StandardCharsets.US_ASCII);
        return (row.dkim() == Dkim.BROKEN_BODY ? message.replace("A line.", "Another line.") : message)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void everyCombinationOfSpfDkimAlignmentAndPolicyIsJudgedRightly() throws IOException, InterruptedException {
        Map<Row, String> signatures = signatures();
        Map<Row, RawSmtp.Reply> replies = new LinkedHashMap<>();
        for (Row row : Row.all()) {
            byte[] octets = message(row, signatures.get(row));
            replies.put(
                    row,
                    site.bring(new CheckedSite.Mail(
                            row.spf().client,
                            CheckedSite.HELO,
                            "<joe@" + row.sender() + ">",
                            row.recipient(),
                            octets)));
        }
        List<String> expected = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (Row row : Row.all()) {
            RawSmtp.Reply reply = replies.get(row);
            expected.add(row + " " + outcome(row, signatures.get(row)));
            seen.add(row + " " + (reply.code() == 250 ? results(row.recipient()) : withoutId(reply)));
        }
        assertThat(seen).containsExactlyElementsOf(expected);
        assertThatTheLogTells(replies);
        assertThatForeignersAgree(signatures);
    }

    /// The reply to a message, or the results in the inbox.
    private static String outcome(Row row, String signature) {
        if (row.isDeferred()) {
            return "451 4.7.1 whether this message is from its author cannot be told now";
        }
        return row.isRefused() ? refusal(row) : row.results(signature).toString();
    }

    private static String refusal(Row row) {
        return "550 5.7.1 neither SPF nor DKIM shows that this message is from " + row.author()
                + ", which asks to refuse such mail (DMARC)";
    }

    private static String withoutId(RawSmtp.Reply reply) {
        return reply.toString().replaceFirst(" \\(id \\w+\\)$", "");
    }

    private List<String> results(String recipient) throws IOException, InterruptedException {
        List<List<String>> fields = CheckedSite.results(site.arrived(recipient));
        assertThat(fields).as(recipient).hasSize(1);
        return fields.getFirst();
    }

    private void assertThatTheLogTells(Map<Row, RawSmtp.Reply> replies) {
        List<String> expected = new ArrayList<>();
        replies.forEach((row, reply) -> {
            if (row.isRefused()) {
                expected.add("message=" + CheckedSite.id(reply) + " sender=joe@" + row.sender() + " from "
                        + row.author() + ", nothing is aligned with " + row.author());
            }
        });
        List<String> seen = REFUSED.matcher(site.postern().log())
                .results()
                .filter(line -> expected.stream().anyMatch(one -> one.startsWith(line.group(1))))
                .map(line -> line.group(1) + " from " + line.group(2) + ", " + line.group(3))
                .toList();
        assertThat(seen).containsExactlyElementsOf(expected);
    }

    /// Debian's authheaders comes to the same results, where it can tell: it knows neither
    /// temporary errors nor that a message without a signature is no message with a bad one.
    private void assertThatForeignersAgree(Map<Row, String> signatures) throws IOException, InterruptedException {
        List<Row> rows = Row.all().stream()
                .filter(row -> !row.dmarc().equals("temperror"))
                .toList();
        List<String> checked = site.dkimpy()
                .check(rows.stream()
                        .map(row -> new Dkimpy.Arrival(
                                message(row, signatures.get(row)),
                                row.spf().client,
                                CheckedSite.HELO,
                                "joe@" + row.sender()))
                        .toList());
        List<String> expected = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            String dkim = row.dkim() == Dkim.NONE || row.dkim() == Dkim.BROKEN_BODY ? "fail" : "pass";
            expected.add(row + " " + List.of("spf=" + word(row.spf()), "dkim=" + dkim, "dmarc=" + row.dmarc()));
            seen.add(row + " " + methods(checked.get(i)));
        }
        assertThat(seen).containsExactlyElementsOf(expected);
    }

    /// What a field of authheaders says, without comments and properties.
    private static List<String> methods(String field) {
        return Stream.of("spf", "dkim", "dmarc")
                .map(method -> method + "=" + field.replaceFirst(".*; " + method + "=(\\w+).*", "$1"))
                .toList();
    }

    @Test
    void refusalIsExplained() throws IOException, InterruptedException {
        RawSmtp.Reply refusal = site.bring(new CheckedSite.Mail(
                "127.0.0.4",
                CheckedSite.HELO,
                "<joe@rejectrelaxed.test>",
                "explained",
                unsigned("rejectrelaxed.test")));
        assertThat(refusal.toString()).startsWith("550 5.7.1 ");
        Finished explained = site.postern().cli("explain", CheckedSite.id(refusal));
        assertThat(explained.output())
                .contains("authentication", "127.0.0.4", "<joe@rejectrelaxed.test>", "joe@rejectrelaxed.test")
                .contains("fail of rejectrelaxed.test", "v=DMARC1; p=reject; adkim=r; aspf=r")
                .contains("v=spf1 ip4:127.0.0.2 ~ip4:127.0.0.3 -ip4:127.0.0.4");
    }

    @Test
    void nullSenderIsVouchedForByTheNameInHelo() throws IOException, InterruptedException {
        RawSmtp.Reply reply = site.bring(new CheckedSite.Mail(
                "127.0.0.2", "helo-with-spf.test", "<>", "null-sender", unsigned("helo-with-spf.test")));
        assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
        assertThat(results("null-sender"))
                .containsExactly(
                        "iprev=pass policy.iprev=127.0.0.2",
                        "spf=pass smtp.helo=helo-with-spf.test",
                        "spf=pass smtp.mailfrom=postmaster@helo-with-spf.test",
                        "dkim=none",
                        "arc=none",
                        "dmarc=none header.from=helo-with-spf.test");
    }

    @Test
    void forgedResultsOfOurNameAreTakenOutAndThoseOfOthersStay() throws IOException, InterruptedException {
        String forged = """
                Authentication-Results: mail.final.test; dmarc=pass header.from=bank.test
                authentication-results : (x) MAIL.Final.Test (y)
                \t1; spf=pass
                Authentication-Results:
                 "mail.final.test"; dkim=pass header.d=bank.test
                Authentication-Results: elsewhere.test; spf=pass smtp.mailfrom=kept@bank.test
                """.replace("\n", "\r\n");
        byte[] octets = (forged + new String(unsigned("nonerelaxed.test"), StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        RawSmtp.Reply reply = site.bring(
                new CheckedSite.Mail("127.0.0.2", CheckedSite.HELO, "<joe@nonerelaxed.test>", "forged", octets));
        assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
        assertThat(results("forged")).contains("dmarc=pass header.from=nonerelaxed.test");
        assertThat(site.arrived("forged").toLowerCase(Locale.ROOT))
                .contains("\nauthentication-results: elsewhere.test; spf=pass smtp.mailfrom=kept@bank.test\n")
                .doesNotContain("header.from=bank.test", "(x)", "header.d=bank.test")
                .containsOnlyOnce("mail.final.test;");
    }

    @Test
    void swaksIsJudgedByItsAddress() throws IOException, InterruptedException {
        Peers.require("swaks");
        List<String> options =
                List.of("--from", "joe@rejectrelaxed.test", "--to", "swaks@final.test", "--helo", CheckedSite.HELO);
        Finished refused = swaks("127.0.0.4", options);
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).contains("<** 550 5.7.1 neither SPF nor DKIM shows");
        Finished taken = swaks("127.0.0.2", options);
        assertThat(taken.exitCode()).as(taken.toString()).isZero();
        assertThat(results("swaks"))
                .contains("spf=pass smtp.mailfrom=joe@rejectrelaxed.test", "dmarc=pass header.from=rejectrelaxed.test");
    }

    private Finished swaks(String address, List<String> options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("--local-interface", address));
        return Swaks.run(folder, site.port(), all.toArray(String[]::new));
    }

    @Test
    void postfixIsJudgedAndItsSenderHearsOfIt() throws IOException, InterruptedException {
        Peers.require("postfix", "openssl");
        Postfix.Settings settings = Postfix.Settings.relay(site.port(), Postfix.Tls.MAY)
                .with("smtp_bind_address", "127.0.0.4")
                .with("smtp_bind_address_enforce", "yes");
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), settings)) {
            byte[] octets = new String(unsigned("rejectrelaxed.test"), StandardCharsets.US_ASCII)
                    .replace("\r\n", "\n")
                    .getBytes(StandardCharsets.US_ASCII);
            String signature = site.dkimpy()
                    .sign(List.of(new Dkimpy.Signing(unsigned("rejectrelaxed.test"), rsa.of("rejectrelaxed.test"))))
                    .getFirst()
                    .replace("\r\n", "\n");
            byte[] signed =
                    (signature + new String(octets, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
            postfix.submit(signed, "joe@rejectrelaxed.test", "postfix@final.test");
            assertThat(results("postfix"))
                    .contains(
                            "spf=fail smtp.mailfrom=joe@rejectrelaxed.test",
                            "dmarc=pass header.from=rejectrelaxed.test");
            postfix.submit(octets, "joe@rejectrelaxed.test", "refused@final.test");
            Await.until(
                    Site.SOON,
                    () -> postfix.log().contains("said: 550 5.7.1 neither SPF nor DKIM shows"),
                    postfix::log);
        }
    }

    @Test
    void commandVerifyComesToTheSameAsTheDoor() throws IOException, InterruptedException {
        String domain = "rejectrelaxed.test";
        Path zone = Files.writeString(folder.resolve("zone"), zone());
        List<Dkimpy.Signing> signings = new ArrayList<>();
        for (SigningKey key : List.of(rsa.of(domain), ed25519.of(domain))) {
            for (String canonicalization :
                    List.of("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed")) {
                signings.add(
                        new Dkimpy.Signing(tempting(domain), key, canonicalization, "from:to:subject:date", false));
            }
        }
        String signatures = String.join("", site.dkimpy().sign(signings));
        byte[] octets = (signatures + new String(tempting(domain), StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(folder.resolve("eight.eml"), octets);
        Finished verified = Postern.command(
                folder, new byte[0], "verify", file.toString(), "--zone", zone.toString(), "--ip", "127.0.0.4");
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        RawSmtp.Reply reply = site.bring(
                new CheckedSite.Mail("127.0.0.4", CheckedSite.HELO, "<joe@" + STRANGER + ">", "eight", octets));
        assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
        assertThat(results("eight").stream().filter(result -> result.startsWith("dkim=pass ")))
                .hasSize(8);
        for (String result : results("eight")) {
            if (result.startsWith("dkim=") || result.startsWith("dmarc=")) {
                assertThat(verified.output().replaceAll("\\s+", " ")).contains(result);
            }
        }
    }

    /// A message on which canonicalizations differ.
    private static byte[] tempting(String author) {
        return """
                From:   Joe Doe\t<joe@%s>
                To: <somebody@final.test>,
                 \t<else@final.test>
                Date: Mon, 1 Jun 2026 12:00:00 +0000
                SUBJECT:one  two\s

                A  line \t with  blanks \s
                ..

                .
                \s\s


                """.formatted(author).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
