package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.DomainName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DkimSignerTest {
    private static final DomainName DOMAIN = DomainName.of("example.org");
    private static final String ZONE = Postbag.txt("r1._domainkey.example.org", Forge.RSA.record())
            + Postbag.txt("e1._domainkey.example.org", Forge.ED25519.record());
    private static final List<SelectedKey> KEYS = List.of(
            new SelectedKey(DomainName.of("r1"), Forge.RSA), new SelectedKey(DomainName.of("e1"), Forge.ED25519));
    private static final String MESSAGE = Postbag.crLf("""
            Received: by mx.example.net
            From: Alice <alice@example.org>
            To: bob@example.net
            Subject: A long subject that is folded
             over two lines
            Date: Mon, 23 Nov 2026 19:25:00 +0000
            Message-ID: <1@example.org>
            References: <0@example.org>
            X-Mailer: none

            Hello
            """);

    private static DkimSigner signer(SigningSettings settings) {
        return new DkimSigner(DOMAIN, KEYS, settings);
    }

    @Test
    void bothKeysSignAndWhatTheySignPasses() {
        String fields = Postbag.stamp(signer(SigningSettings.usual()), MESSAGE);
        DkimResults results = Postbag.verify(fields + MESSAGE, ZONE);
        assertThat(results.each()).extracting(DkimResult::why).containsOnly("the signature is right");
        assertThat(results.each())
                .extracting(result -> result.claim().algorithm().orElseThrow())
                .containsExactly("rsa-sha256", "ed25519-sha256");
        assertThat(results.each())
                .extracting(result -> result.findings().key().bits())
                .containsExactly(2048, 256);
    }

    @Test
    void fieldIsFoldedAndOversigned() {
        DkimSigner signer = new DkimSigner(DOMAIN, List.of(KEYS.get(1)), SigningSettings.usual());
        assertThat(Postbag.stamp(signer, MESSAGE).replaceAll("b=[A-Za-z0-9+/]{4}[^;]*\r\n\\z", "b=...\r\n"))
                .isEqualTo(Postbag.crLf("""
                        DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=e1;
                        \tt=1795500000; h=from:from:to:to:cc:subject:subject:date:date:message-id:
                        \tmessage-id:reply-to:mime-version:content-type:content-transfer-encoding:
                        \treferences; bh=Ba3gj8+xBPQLJTahTfzW6RbWQ/XPgESxkCi2B66PSQg=; b=...
                        """));
    }

    @Test
    void linesHaveAtMostSeventyEightCharacters() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            many.append("List-Unsubscribe-Post: ").append(i).append("\r\n");
        }
        String message = many + MESSAGE;
        String fields = Postbag.stamp(signer(SigningSettings.usual().expiring(Duration.ofDays(14))), message);
        assertThat(fields.split("\r\n", -1))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(78));
        assertThat(fields).contains("; x=1796709600;").doesNotContain("l=");
        assertThat(fields.split("list-unsubscribe-post", -1)).hasSize(2 * 50 + 1);
        assertThat(Postbag.verify(fields + message, ZONE).each()).allMatch(DkimResult::passed);
    }

    @Test
    void longNamesStandOnLinesOfTheirOwn() {
        DomainName domain = DomainName.of("a".repeat(60) + "." + "b".repeat(60) + ".example");
        DkimSigner signer = new DkimSigner(
                domain,
                List.of(new SelectedKey(DomainName.of("c".repeat(60)), Forge.ED25519)),
                SigningSettings.usual());
        String fields = Postbag.stamp(signer, MESSAGE);
        assertThat(fields).contains("\r\n\td=" + domain + ";\r\n\ts=");
        String zone = Postbag.txt("c".repeat(60) + "._domainkey." + domain, Forge.ED25519.record());
        assertThat(Postbag.verify(fields + MESSAGE, zone).isSignedBy(domain)).isTrue();
    }

    @Test
    void whatIsAddedToASignedMessageBreaksIt() {
        String signed = Postbag.stamp(signer(SigningSettings.usual()), MESSAGE) + MESSAGE;
        for (String name : SigningSettings.usual().oversigned()) {
            assertThat(Postbag.verify(name + ": evil\r\n" + signed, ZONE).passed())
                    .as(name)
                    .isEmpty();
        }
        assertThat(Postbag.verify("Received: by next\r\n" + signed, ZONE).passed())
                .hasSize(2);
        assertThat(Postbag.verify(signed + "evil\r\n", ZONE).passed()).isEmpty();
    }

    @Test
    void randomMessagesPassAndWithOneOctetChangedFail() {
        Random random = new Random(8463);
        DkimSigner signer = new DkimSigner(DOMAIN, List.of(KEYS.get(1)), SigningSettings.usual());
        for (int i = 0; i < 100; i++) {
            String message = randomMessage(random);
            String signed = Postbag.stamp(signer, message) + message;
            assertThat(Postbag.verify(signed, ZONE).outcome()).as(message).isEqualTo(DkimOutcome.PASS);
            int at = signed.indexOf("Subject:") + "Subject: ".length() + random.nextInt(5);
            String changed = signed.substring(0, at) + '#' + signed.substring(at + 1);
            assertThat(Postbag.verify(changed, ZONE).outcome()).isEqualTo(DkimOutcome.FAIL);
            String longer = signed.stripTrailing() + "#\r\n";
            assertThat(Postbag.verify(longer, ZONE).outcome()).isEqualTo(DkimOutcome.FAIL);
        }
    }

    private static String randomMessage(Random random) {
        StringBuilder message = new StringBuilder("Subject: Hello\r\nFrom: a@example.org\r\n");
        String[] names = {"To", "CC", "References", "Subject", "X-Y", "List-Id", "From"};
        for (int fields = random.nextInt(8); fields > 0; fields--) {
            message.append(names[random.nextInt(names.length)])
                    .append(": ")
                    .append(noise(random, 40).replace("\r\n", "\r\n "))
                    .append("x\r\n");
        }
        return message.append("\r\n").append("body").append(noise(random, 200)).toString();
    }

    private static String noise(Random random, int most) {
        StringBuilder noise = new StringBuilder();
        for (int length = random.nextInt(most); length > 0; length--) {
            switch (random.nextInt(6)) {
                case 0 -> noise.append("\r\n");
                case 1 -> noise.append(' ');
                case 2 -> noise.append('\t');
                case 3 -> noise.append((char) (128 + random.nextInt(128)));
                default -> noise.append((char) ('a' + random.nextInt(26)));
            }
        }
        return noise.toString();
    }

    @Test
    void messageWithoutFromIsSignedAsOneThatMayNotGetOne() {
        String message = "Subject: x\r\n\r\n";
        String signed = Postbag.stamp(signer(SigningSettings.usual()), message) + message;
        assertThat(Postbag.verify(signed, ZONE).passed()).hasSize(2);
        assertThat(Postbag.verify("From: x\r\n" + signed, ZONE).passed()).isEmpty();
    }

    @Test
    void settingsThatLeaveFromUnsignedAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of("to"), Set.of("to"), Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of("from"), Set.of("from", "to"), Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of("from", "To"), Set.of("from"), Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of("from", "from"), Set.of("from"), Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningSettings.usual().expiring(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DkimSigner(DOMAIN, List.of(), SigningSettings.usual()));
        DomainName longest = DomainName.of(("a".repeat(60) + ".").repeat(4) + "example");
        assertThatIllegalArgumentException().isThrownBy(() -> new DkimSigner(longest, KEYS, SigningSettings.usual()));
    }
}
