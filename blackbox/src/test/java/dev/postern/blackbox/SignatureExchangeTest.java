package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Milter;
import dev.postern.blackbox.peers.OpenDkim;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import dev.postern.blackbox.peers.Rspamd;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What we sign is verified by dkimpy, OpenDKIM and Rspamd, and what they sign is verified by us, whatever the shape of
/// the message.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SignatureExchangeTest {
    private static final String STRANGER = "127.0.0.2";
    private static final String LISTED = "127.0.0.9";
    // Rspamd takes loopback addresses for its own.
    private static final String FAR = "192.0.2.1";
    private static final List<String> CANONICALIZATIONS =
            List.of("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed");

    private Path folder;
    private List<SigningKey> keys;
    private RecordingSink elsewhere;
    private CheckedSite site;
    private Rspamd rspamd;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException, NoSuchAlgorithmException {
        Extent.onlyInFull();
        Peers.require("knot", "dkimpy", "opendkim", "rspamd");
        folder = given;
        keys = List.of(SigningKey.rsa(Shapes.AUTHOR), SigningKey.ed25519(Shapes.AUTHOR));
        StringBuilder zone = new StringBuilder();
        Path ours = Files.createDirectories(folder.resolve("postern/dkim"));
        for (SigningKey key : keys) {
            zone.append(key.record());
            key.into(ours);
        }
        elsewhere = RecordingSink.start("PIPELINING", "8BITMIME", "SMTPUTF8");
        site = CheckedSite.start(folder, zone.toString(), List.of(), """
                        [relay]
                        networks = ["%s/32"]
                        [smarthost.elsewhere]
                        host = "127.0.0.1"
                        port = %d
                        tls = "opportunistic"
                        """.formatted(LISTED, elsewhere.port()));
        rspamd = Rspamd.start(folder.resolve("rspamd"), site.knot().port(), keys, keys.getFirst());
    }

    @AfterAll
    void stop() throws IOException {
        if (rspamd != null) {
            rspamd.close();
        }
        if (site != null) {
            site.close();
        }
        if (elsewhere != null) {
            elsewhere.close();
        }
    }

    /// Brings messages in one session, each to an address with its name.
    ///
    /// @param parameters of MAIL, by the messages' names
    private void bring(String client, String domain, Map<String, byte[]> messages, Map<String, String> parameters)
            throws IOException {
        try (RawSmtp smtp = RawSmtp.connect(InetAddress.ofLiteral(client), site.port())) {
            Site.expect(220, smtp.reply());
            Site.expect(250, smtp.command("EHLO " + CheckedSite.HELO));
            for (Map.Entry<String, byte[]> message : messages.entrySet()) {
                String name = message.getKey();
                String mail = "MAIL FROM:<joe@" + Shapes.AUTHOR + ">" + parameters.getOrDefault(name, "");
                Site.expect(250, smtp.command(mail));
                Site.expect(250, smtp.command("RCPT TO:<" + name + "@" + domain + ">"));
                Site.expect(354, smtp.command("DATA"));
                smtp.send(Octets.stuffed(message.getValue()));
                smtp.send(".\r\n");
                RawSmtp.Reply reply = smtp.reply();
                assertThat(reply.code()).as(name + ": " + reply).isEqualTo(250);
            }
        }
    }

    @Test
    void whatWeSignIsVerifiedByAllOfThem() throws IOException, InterruptedException {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String shape : Shapes.NAMES) {
            messages.put(shape, Shapes.message(shape));
            parameters.put(shape, Shapes.parameters(shape));
        }
        bring(LISTED, "elsewhere.test", messages, parameters);
        List<byte[]> signed = new ArrayList<>();
        for (String shape : Shapes.NAMES) {
            signed.add(elsewhere
                    .awaitMessageTo(shape + "@elsewhere.test", Site.SOON)
                    .content());
        }
        Map<String, List<String>> expected = new LinkedHashMap<>();
        Map<String, List<String>> seen = new LinkedHashMap<>();
        List<List<String>> byDkimpy = site.dkimpy().verify(signed);
        try (OpenDkim opendkim = OpenDkim.start(
                folder.resolve("opendkim"),
                OpenDkim.Settings.verifier(site.knot().port()))) {
            for (int i = 0; i < signed.size(); i++) {
                String shape = Shapes.NAMES.get(i);
                expected.put(
                        shape + ", dkimpy", List.of("pass sender.test ed25519-sha256", "pass sender.test rsa-sha256"));
                seen.put(shape + ", dkimpy", byDkimpy.get(i).stream().sorted().toList());
                expected.put(shape + ", opendkim", each("pass", 1));
                seen.put(shape + ", opendkim", results(opendkim.milter(), signed.get(i)));
                expected.put(shape + ", rspamd", each("pass", 1));
                seen.put(shape + ", rspamd", results(rspamd.milter(), signed.get(i)));
            }
        }
        Differences.assertNone(expected, seen);
    }

    /// What a milter says of the signatures: word and selector of each, sorted.
    private static List<String> results(Milter milter, byte[] message) throws IOException {
        Milter.Envelope envelope =
                new Milter.Envelope(FAR, CheckedSite.HELO, "", "joe@" + Shapes.AUTHOR, "any@elsewhere.test");
        List<String> results = new ArrayList<>();
        for (String result : milter.filter(envelope, message).results().split(";", -1)) {
            String[] words = result.strip().split(" ", -1);
            if (words[0].startsWith("dkim=")) {
                String selector = "";
                for (String word : words) {
                    selector = word.startsWith("header.s=") ? word.substring("header.s=".length()) : selector;
                }
                results.add(words[0].substring("dkim=".length()) + " " + selector);
            }
        }
        return results.stream().sorted().toList();
    }

    /// The results of our own for a message that was brought, sorted: `pass`, or with what was wrong.
    private List<String> ourResults(String name) throws IOException, InterruptedException {
        List<List<String>> fields = CheckedSite.results(site.arrived(name));
        assertThat(fields).as(name).hasSize(1);
        return fields.getFirst().stream()
                .filter(result -> result.startsWith("dkim="))
                .map(result -> result.replaceFirst("^dkim=(\\w+) .* header\\.s=(\\w+) .*", "$1 $2"))
                .sorted()
                .toList();
    }

    private void assertThatWeFind(Map<String, byte[]> messages, Map<String, List<String>> expected)
            throws IOException, InterruptedException {
        bring(STRANGER, "final.test", messages, Map.of());
        Map<String, List<String>> seen = new LinkedHashMap<>();
        for (String name : messages.keySet()) {
            seen.put(name, ourResults(name));
        }
        Differences.assertNone(expected, seen);
    }

    private static List<String> each(String word, int ofEach) {
        List<String> all = new ArrayList<>();
        for (String selector : List.of("ed", "rsa")) {
            for (int i = 0; i < ofEach; i++) {
                all.add(word + " " + selector);
            }
        }
        return all;
    }

    @Test
    void whatDkimpySignsIsVerifiedByUs() throws IOException, InterruptedException {
        List<Dkimpy.Signing> signings = new ArrayList<>();
        for (String shape : Shapes.NAMES) {
            for (SigningKey key : keys) {
                for (String canonicalization : CANONICALIZATIONS) {
                    signings.add(new Dkimpy.Signing(Shapes.message(shape), key, canonicalization, "", false));
                }
            }
        }
        List<String> fields = site.dkimpy().sign(signings);
        int each = keys.size() * CANONICALIZATIONS.size();
        Map<String, byte[]> messages = new LinkedHashMap<>();
        Map<String, List<String>> expected = new LinkedHashMap<>();
        for (int i = 0; i < Shapes.NAMES.size(); i++) {
            String shape = Shapes.NAMES.get(i);
            byte[] whole = on(fields.subList(i * each, (i + 1) * each), Shapes.message(shape));
            messages.put("dkimpy." + shape, whole);
            expected.put("dkimpy." + shape, each("pass", CANONICALIZATIONS.size()));
        }
        byte[] altered = replaced(messages.get("dkimpy.plain"), "A line.", "A lime.");
        messages.put("dkimpy.altered-body", altered);
        expected.put("dkimpy.altered-body", each("fail", CANONICALIZATIONS.size()));
        byte[] subject = replaced(messages.get("dkimpy.plain"), "Subject: plain", "Subject: plane");
        messages.put("dkimpy.altered-field", subject);
        expected.put("dkimpy.altered-field", each("fail", CANONICALIZATIONS.size()));
        assertThatWeFind(messages, expected);
    }

    @Test
    void dkimpysIdentityAndLengthAreUnderstood() throws IOException, InterruptedException {
        byte[] plain = Shapes.message("plain");
        SigningKey key = keys.getLast();
        List<String> fields = site.dkimpy()
                .sign(List.of(
                        new Dkimpy.Signing(plain, key, "relaxed/simple", "", false, "joe@mail.sender.test"),
                        new Dkimpy.Signing(plain, key, "relaxed/simple", "", true)));
        Map<String, byte[]> messages = new LinkedHashMap<>();
        messages.put("identity", on(fields.subList(0, 1), plain));
        messages.put("length", on(fields.subList(1, 2), plain));
        messages.put(
                "length-and-more", on(fields.subList(1, 2), replaced(plain, "A line.\r\n", "A line.\r\nMore.\r\n")));
        assertThatWeFind(
                messages,
                Map.of(
                        "identity", List.of("pass ed"),
                        "length", List.of("pass ed"),
                        "length-and-more", List.of("policy ed")));
    }

    /// OpenDKIM 2.11 makes signatures with Ed25519 and the simple canonicalization of the header that nobody can
    /// verify,
    /// itself included.
    @Test
    void whatOpenDkimSignsIsVerifiedByUs() throws IOException, InterruptedException {
        Map<String, List<String>> signatures = new LinkedHashMap<>();
        for (SigningKey key : keys) {
            for (String canonicalization : CANONICALIZATIONS) {
                OpenDkim.Settings settings = OpenDkim.Settings.signer(key, canonicalization)
                        .with("SignatureTTL", "3600")
                        .with("OversignHeaders", "From,Subject,To");
                Path home = folder.resolve(key.selector() + canonicalization.replace('/', '-'));
                try (OpenDkim opendkim = OpenDkim.start(home, settings)) {
                    for (String shape : Shapes.NAMES) {
                        signatures
                                .computeIfAbsent(shape, _ -> new ArrayList<>())
                                .addAll(sign(opendkim.milter(), Shapes.message(shape), "DKIM-Signature:"));
                    }
                }
            }
        }
        List<String> expected = new ArrayList<>(each("pass", CANONICALIZATIONS.size()));
        Collections.fill(expected.subList(0, 2), "fail ed");
        assertThatWeFind("opendkim", signatures, expected);
        assertThat(signatures.get("plain").toString()).contains(" x=");
    }

    private static List<String> sign(Milter milter, byte[] message, String field) throws IOException {
        Milter.Envelope envelope = new Milter.Envelope(
                FAR, CheckedSite.HELO, "joe@" + Shapes.AUTHOR, "joe@" + Shapes.AUTHOR, "any@elsewhere.test");
        return milter.filter(envelope, message).fields().stream()
                .filter(one -> one.startsWith(field))
                .toList();
    }

    private void assertThatWeFind(String peer, Map<String, List<String>> signatures, List<String> results)
            throws IOException, InterruptedException {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        Map<String, List<String>> expected = new LinkedHashMap<>();
        signatures.forEach((shape, fields) -> {
            messages.put(peer + "." + shape, on(fields, Shapes.message(shape)));
            expected.put(peer + "." + shape, results);
        });
        assertThatWeFind(messages, expected);
    }

    @Test
    void whatRspamdSignsIsVerifiedByUs() throws IOException, InterruptedException {
        Map<String, List<String>> signatures = new LinkedHashMap<>();
        for (String shape : Shapes.NAMES) {
            signatures.put(shape, sign(rspamd.milter(), Shapes.message(shape), "DKIM-Signature:"));
        }
        assertThatWeFind("rspamd", signatures, each("pass", 1));
    }

    private static byte[] on(List<String> fields, byte[] message) {
        return (String.join("", fields) + new String(message, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] replaced(byte[] message, String old, String instead) {
        return new String(message, StandardCharsets.ISO_8859_1)
                .replace(old, instead)
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
