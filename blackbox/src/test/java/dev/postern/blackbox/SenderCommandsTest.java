package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `postern verify`, `spf`, `dkim` and `dmarc` with a master file in the place of DNS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SenderCommandsTest {
    private Path folder;

    @BeforeAll
    void write(@TempDir Path given) throws IOException {
        folder = given;
        Files.writeString(folder.resolve("zone"), """
                good.test.        TXT "v=spf1 mx include:other.test -all"
                good.test.        MX 10 mail.good.test.
                mail.good.test.   A 192.0.2.1
                other.test.       TXT "v=spf1 ip4:192.0.2.128/25 -all"
                _dmarc.good.test. TXT "v=DMARC1; p=reject; rua=mailto:reports@good.test"
                _dmarc.away.test. TXT "v=DMARC1; p=none; rua=mailto:d@good.test,mailto:d@other.test"
                away.test._report._dmarc.good.test. TXT "v=DMARC1"
                open.test.        TXT "v=spf1 +all"
                wrong.test.       TXT "v=spf1 ip4:192.0.2 -all"
                e._domainkey.good.test. TXT "v=DKIM1; k=ed25519; p=zpcGrMND6GZAn8qKrfHJMr7G7E++cYtms0fZkecoCCU="
                """);
        Files.writeString(folder.resolve("mail.eml"), "From: Joe <joe@good.test>\nSubject: Hello\n\nHello.\n");
    }

    private Finished command(String... words) throws IOException, InterruptedException {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--zone";
        all[words.length + 1] = "zone";
        return Postern.command(folder, new byte[0], all);
    }

    @Test
    void messageInAFileIsJudgedAsAtTheDoor() throws IOException, InterruptedException {
        Finished good = command("verify", "mail.eml", "--ip", "192.0.2.130", "--from", "joe@good.test");
        assertThat(good.exitCode()).as(good.toString()).isZero();
        assertThat(good.output())
                .contains("spf=pass smtp.mailfrom=joe@good.test", "dmarc=pass header.from=good.test", "verdict")
                .contains("other.test TXT: \"v=spf1 ip4:192.0.2.128/25 -all\"");
        Finished forged = command("verify", "mail.eml", "--ip", "198.51.100.1", "--from", "joe@good.test", "--json");
        assertThat(forged.exitCode()).isEqualTo(1);
        assertThat(forged.output()).contains("\"verdict\":\"reject\"", "spf=fail", "dmarc=fail");
    }

    /// What cannot be checked is told in a sentence, whatever it is; what can is one JSON object, whatever stands in
    /// it.
    @Test
    void oddInputHasASentenceOrAResult() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("folder.eml"));
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        Files.writeString(folder.resolve("long.eml"), "From: " + "a".repeat(2_000_000) + "@good.test\n\nHello.\n");
        Files.writeString(folder.resolve("bare.eml"), "From: joe@good.test\r\n\r\nHel\nlo.\r\n");
        Files.writeString(folder.resolve("blank.eml"), " ; dmarc=pass\r\n\r\nHello.\r\n");
        Files.write(
                folder.resolve("odd.eml"),
                "DKIM-Signature: a=\u0080; d=x\"y\\; \u001b\r\nFrom: \"\u001b\" <@>\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("empty.eml"), "");
        for (String[] fault : new String[][] {
            {"there is no such file", "verify", "missing.eml", "--ip", "192.0.2.1"},
            {"folder.eml is a folder", "verify", "folder.eml", "--ip", "192.0.2.1"},
            {"more than 1048576 octets", "verify", "long.eml", "--ip", "192.0.2.1"},
            {"--ip=ADDRESS", "verify", "mail.eml"},
            {"--ip must be an address", "verify", "mail.eml", "--ip", "mail.good.test"},
            {"not an address", "verify", "mail.eml", "--ip", "192.0.2.1", "--from", "joe"},
            {"is not a domain name", "spf", "a b"},
            {"does not exist", "spf", "nothing.test"},
            {"no DMARC record holds", "dmarc", "nothing.test"},
        }) {
            Finished failed = command(Arrays.copyOfRange(fault, 1, fault.length));
            assertThat(failed.exitCode()).as(failed.toString()).isIn(1, 2);
            assertThat(failed.toString()).contains(fault[0]).doesNotContain("a mistake in the program");
        }
        Finished binary = Postern.command(folder, new byte[0], "spf", "good.test", "--zone", "binary");
        assertThat(binary.toString()).contains("binary is no master file");
        for (String message : List.of("bare.eml", "blank.eml", "odd.eml", "empty.eml")) {
            Finished judged = command("verify", message, "--ip", "192.0.2.1", "--json");
            assertThat(judged.exitCode()).as(judged.toString()).isEqualTo(message.equals("empty.eml") ? 0 : 1);
            assertThat(judged.output().strip())
                    .startsWith("{\"client\":\"192.0.2.1\"")
                    .endsWith("}")
                    .contains(message.equals("empty.eml") ? "\"verdict\":\"accept\"" : "\"verdict\":\"reject\"")
                    .doesNotContain("\u001b", "\n");
        }
    }

    @Test
    void recordsAreExplainedAndCriticised() throws IOException, InterruptedException {
        Finished good = command("spf", "good.test");
        assertThat(good.exitCode()).as(good.toString()).isZero();
        assertThat(good.output()).contains("whom other.test lets send", "any other client: fail, after 2 look-ups");
        Finished wrong = command("spf", "wrong.test");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.output()).contains("wrong: column 8, ip4:192.0.2");
        Finished dmarc = command("dmarc", "sub.good.test");
        assertThat(dmarc.exitCode()).as(dmarc.toString()).isZero();
        assertThat(dmarc.output()).contains("good.test: v=DMARC1; p=reject", "mail that fails: reject");
        Finished away = command("dmarc", "away.test");
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.output())
                .contains("reports go to mailto:d@good.test: wanted there")
                .contains("wrong: no report goes to mailto:d@other.test: nothing stands at"
                        + " away.test._report._dmarc.other.test")
                .contains("wrong: forged mail is let in");
        Finished spfData = command("spf", "good.test", "--json");
        assertThat(spfData.output().strip())
                .startsWith("{\"domain\":\"good.test\",\"record\":\"v=spf1 mx include:other.test -all\",\"terms\":[")
                .endsWith("\"others\":\"fail\",\"look-ups\":2,\"faults\":[]}");
        Finished dmarcData = command("dmarc", "good.test", "--json");
        assertThat(dmarcData.output().strip())
                .contains("\"policy\":\"reject\",\"tested\":false,\"adkim\":\"r\",\"aspf\":\"r\"")
                .endsWith("\"reports\":{\"mailto:reports@good.test\":\"wanted there\"},\"faults\":[]}");
        Finished key = command("dkim", "e._domainkey.good.test");
        assertThat(key.exitCode()).as(key.toString()).isZero();
        assertThat(key.output()).contains("ed25519, 256 bits");
    }
}
