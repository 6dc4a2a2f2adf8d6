package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Dkimpy;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever lies about the author of a message is refused, or the message is marked as what it is.
final class SpoofingTest {
    private static final String CLIENT = "127.0.0.9";

    private static final String WORLD = """
            bank.test. A 127.0.0.2
            bank.test. TXT "v=spf1 ip4:127.0.0.2 -all"
            _dmarc.bank.test. TXT "v=DMARC1; p=reject"
            mail.bank.test. A 127.0.0.2
            shop.test. A 127.0.0.2
            shop.test. TXT "v=spf1 ip4:127.0.0.2 -all"
            _dmarc.shop.test. TXT "v=DMARC1; p=quarantine"
            soft.test. A 127.0.0.2
            soft.test. TXT "v=spf1 ip4:127.0.0.2 -all"
            _dmarc.soft.test. TXT "v=DMARC1; p=none"
            weak.test. A 127.0.0.2
            _dmarc.weak.test. TXT "v=DMARC1; p=reject; sp=none; np=reject"
            mail.weak.test. A 127.0.0.2
            notbank.test. A 127.0.0.9
            xn--bnk-6cd.test. A 127.0.0.9
            evil.test. A 127.0.0.9
            evil.test. TXT "v=spf1 ip4:127.0.0.9 -all"
            _dmarc.evil.test. TXT "v=DMARC1; p=none"
            mail.evil.test. A 127.0.0.9
            mail.evil.test. TXT "v=spf1 ip4:127.0.0.9 -all"
            bank.test.evil.test. A 127.0.0.9
            bank.test.evil.test. TXT "v=spf1 ip4:127.0.0.9 -all"
            """;

    private static final List<String> SIGNERS = List.of("bank.test", "mail.bank.test", "evil.test", "test");

    @Test
    void everySpoofIsRefusedOrMarked(@TempDir Path folder)
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        Peers.require("knot", "dkimpy");
        Map<String, SigningKey> keys = Map.of("rsa", SigningKey.rsa("any.test"), "ed", SigningKey.ed25519("any.test"));
        StringBuilder zone = new StringBuilder(WORLD);
        for (String signer : SIGNERS) {
            keys.values().forEach(key -> zone.append(key.of(signer).record()));
        }
        try (CheckedSite site = CheckedSite.start(folder, zone.toString(), List.of(), "")) {
            List<Spoof> spoofs = Spoof.all();
            assertThat(spoofs).hasSizeGreaterThan(150);
            List<byte[]> messages = signed(spoofs, keys, site.dkimpy());
            List<RawSmtp.Reply> replies = new ArrayList<>();
            for (int i = 0; i < spoofs.size(); i++) {
                Spoof spoof = spoofs.get(i);
                replies.add(site.bring(
                        new CheckedSite.Mail(CLIENT, spoof.helo(), spoof.mail(), "spoof" + i, messages.get(i))));
            }
            List<String> expected = new ArrayList<>();
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < spoofs.size(); i++) {
                Spoof spoof = spoofs.get(i);
                RawSmtp.Reply reply = replies.get(i);
                String what = reply.code() == 250 ? dmarc(site.arrived("spoof" + i)) : reply.toString();
                expected.add(spoof.name() + ": " + spoof.expected());
                seen.add(spoof.name() + ": " + (refusedAsExpected(spoof, reply) ? spoof.expected() : what));
            }
            assertThat(seen).containsExactlyElementsOf(expected);
        }
    }

    private static boolean refusedAsExpected(Spoof spoof, RawSmtp.Reply reply) {
        return reply.code() != 250 && reply.toString().startsWith(spoof.expected());
    }

    /// The messages as they are sent, all signatures made at once.
    private static List<byte[]> signed(List<Spoof> spoofs, Map<String, SigningKey> keys, Dkimpy dkimpy)
            throws IOException, InterruptedException {
        List<String> fields = new ArrayList<>(dkimpy.sign(spoofs.stream()
                .map(spoof -> spoof.signing(keys))
                .flatMap(Optional::stream)
                .toList()));
        List<byte[]> messages = new ArrayList<>();
        for (Spoof spoof : spoofs) {
            messages.add(spoof.sent(spoof.signature().isPresent() ? fields.removeFirst() : ""));
        }
        return messages;
    }

    /// Our result of DMARC, which stands in the one field of ours.
    private static String dmarc(String message) {
        List<List<String>> fields = CheckedSite.results(message);
        assertThat(fields).as(message).hasSize(1);
        List<String> results = fields.getFirst().stream()
                .filter(result -> result.startsWith("dmarc="))
                .toList();
        assertThat(results).as(message).hasSize(1);
        return results.getFirst();
    }
}
