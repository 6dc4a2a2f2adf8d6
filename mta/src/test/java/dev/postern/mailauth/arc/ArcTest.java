package dev.postern.mailauth.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.mailauth.dkim.Postbag;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sealers and validators in a row.
class ArcTest {
    private static final String ZONE = Relay.zone();
    private static final String MESSAGE = Postbag.crLf("""
            DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=a; h=from; bh=AAAA; b=AAAA
            From: alice@example.org
            To: bob@example.net
            Subject: Hello

            Hello  Bob
            """);

    private static ArcResult validate(String message) {
        return Relay.validate(message, ZONE);
    }

    private static void fails(String message, String why) {
        ArcResult result = validate(message);
        assertThat(result.why()).contains(why);
        assertThat(result.status()).isEqualTo(ArcStatus.FAIL);
        assertThat(result.findings().temporary()).isFalse();
    }

    /// The one field of a name and instance, with its final CRLF.
    private static String field(String message, String name, int instance) {
        for (String field :
                message.substring(0, message.indexOf("\r\n\r\n") + 2).split("(?<=\r\n)(?![ \t])", -1)) {
            if (field.startsWith(name + ": i=" + instance + ";")) {
                return field;
            }
        }
        throw new IllegalArgumentException(name + " " + instance);
    }

    @Test
    void messageWithoutChainHasNone() {
        ArcResult result = validate(MESSAGE);
        assertThat(result.status()).isEqualTo(ArcStatus.NONE);
        assertThat(result.hops()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10})
    void chainOfAnyLengthPasses(int hops) {
        ArcResult result = validate(Relay.through(hops, MESSAGE));
        assertThat(result.why()).endsWith(hops == 1 ? "one hop is whole" : hops + " hops is whole");
        assertThat(result.passed()).isTrue();
        assertThat(result.findings().oldestPass()).isZero();
        assertThat(result.findings().evidence()).hasSize(2 * hops);
        assertThat(result.hops())
                .isEqualTo(IntStream.rangeClosed(1, hops)
                        .mapToObj(i -> new ArcHop(
                                i,
                                new Relay(i).domain(),
                                "mx.hop" + i + ".example;\r\n\tarc=" + (i == 1 ? "none" : "pass")))
                        .toList());
    }

    @Test
    void chainOfFiftyIsTheLongest() {
        String message = Relay.through(50, MESSAGE);
        assertThat(validate(message).hops()).hasSize(50);
        assertThat(validate(message).passed()).isTrue();
        assertThat(new Relay(51).carry(message)).isEqualTo(message);
        fails(field(message, "ARC-Seal", 50) + message, "more than 50 sets");
        fails("ARC-Seal: i=51; cv=pass\r\n" + message.replace(field(message, "ARC-Seal", 1), ""), "no instance number");
    }

    @Test
    void setIsWrittenAsTheStandardSays() {
        String sealed = new Relay(2).carry(MESSAGE);
        assertThat(sealed.substring(0, sealed.indexOf("DKIM-Signature:"))
                        .replaceAll("([; \t]bh?=)[A-Za-z0-9+/=]+(\r\n\t[A-Za-z0-9+/=]+)*", "$1..."))
                .isEqualTo(Postbag.crLf("""
                        ARC-Seal: i=1; a=ed25519-sha256; t=1795500000; cv=none; d=hop2.example; s=arc;
                        \tb=...
                        ARC-Message-Signature: i=1; a=ed25519-sha256; c=relaxed/relaxed;
                        \td=hop2.example; s=arc; t=1795500000; h=from:from:to:to:cc:subject:subject:
                        \tdate:message-id:reply-to:mime-version:content-type:
                        \tcontent-transfer-encoding:dkim-signature; bh=...; b=...
                        ARC-Authentication-Results: i=1; mx.hop2.example;
                        \tarc=none
                        """));
    }

    @Test
    void hopThatChangesTheMessageIsTheOldestThatPasses() {
        String changed = Relay.through(2, MESSAGE).replace("Subject: Hello", "Subject: [list] Hello");
        fails(changed, "the message is not as hop 2 signed it");
        String relayed = Relay.through(1, MESSAGE);
        ArcResult before = validate(relayed);
        String listed = relayed.replace("Hello  Bob", "Hello Bob, and a footer");
        String sealed = new Relay(2).carry(listed, before);
        ArcResult result = validate(sealed);
        assertThat(result.passed()).isTrue();
        assertThat(result.findings().oldestPass()).isEqualTo(2);
        ArcResult later = validate(new Relay(3).carry(sealed));
        assertThat(later.findings().oldestPass()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "ARC-Authentication-Results, arc=none, arc=pass, seal 3",
        "ARC-Message-Signature, t=1795500000, t=1795500001, seal 3",
        "ARC-Seal, t=1795500000, t=1795500001, seal 3",
        "ARC-Seal, cv=none, cv=pass, cv= that it cannot have",
        "ARC-Seal, cv=none, cv=maybe, cv= that it cannot have",
        "ARC-Seal, cv=none, cx=none, cv= that it cannot have",
        "ARC-Seal, cv=none;, cv=none; h=from;, no h=",
        "ARC-Seal, i=1, i=2, two ARC-Seal of instance 2",
        "ARC-Seal, i=1, i=0, no instance number",
        "ARC-Seal, i=1, i=51, no instance number",
        "ARC-Seal, i=1, i=x, no instance number",
        "ARC-Seal, i=1, i=1; i=1, no instance number",
        "ARC-Seal, i=1, i=4, set 1 is not complete",
        "ARC-Authentication-Results, i=1, i=9, set 1 is not complete",
        "ARC-Authentication-Results, i=1, i=, no instance number",
        "ARC-Authentication-Results, i=1, I=1, no instance number",
        "ARC-Authentication-Results, i=1;, i=1, no instance number",
        "ARC-Seal, rsa-sha256, rsa-sha1, RFC 8301",
        "ARC-Seal, d=hop1, d=hop2, seal 1",
    })
    void everyFieldOfTheFirstSetIsSealed(String name, String from, String to, String why) {
        String message = Relay.through(3, MESSAGE);
        String field = field(message, name, 1);
        String changed = field.replace(from, to);
        assertThat(changed).isNotEqualTo(field);
        ArcResult result = validate(message.replace(field, changed));
        assertThat(result.status()).isEqualTo(ArcStatus.FAIL);
        assertThat(result.why()).containsAnyOf(why, "seal 3", "seal 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"})
    void fieldThatIsMissingOrThereTwiceBreaksTheChain(String name) {
        String message = Relay.through(2, MESSAGE);
        for (int instance = 1; instance <= 2; instance++) {
            String field = field(message, name, instance);
            fails(message.replace(field, ""), "set " + instance + " is not complete");
            fails(field + message, "two " + name + " of instance " + instance);
        }
    }

    @Test
    void setsMayNotBeTakenAwayFromTheEndOrTheBeginning() {
        String message = Relay.through(3, MESSAGE);
        String withoutLast = message.substring(message.indexOf("ARC-Seal: i=2"));
        assertThat(validate(withoutLast).passed()).isTrue(); // as RFC 8617 §9.2 knows: it was so once
        String withoutFirst = message.replace(field(message, "ARC-Seal", 1), "")
                .replace(field(message, "ARC-Message-Signature", 1), "")
                .replace(field(message, "ARC-Authentication-Results", 1), "");
        fails(withoutFirst, "set 1 is not complete");
    }

    @Test
    void whiteSpaceAndOrderOfFieldsDoNotMatter() {
        String message = Relay.through(2, MESSAGE);
        String seal = field(message, "ARC-Seal", 1);
        assertThat(validate(seal + message.replace(seal, "")).passed()).isTrue();
        assertThat(validate(message.replace("; cv=", ";\r\n   cv=").replace("ARC-Seal:", "arc-SEAL :"))
                        .passed())
                .isTrue();
    }

    @Test
    void brokenChainIsSealedAsBrokenOnceAndThenLeftAlone() {
        String broken = Relay.through(2, MESSAGE).replace("Hello  Bob", "Buy now");
        String marked = new Relay(3).carry(broken);
        assertThat(field(marked, "ARC-Seal", 3)).contains("cv=fail");
        fails(marked, "seal 3 says that the chain had failed");
        assertThat(new Relay(4).carry(marked)).isEqualTo(marked);
    }

    /// RFC 8617 §5.1.2: the seal of a broken chain covers its own set alone.
    @Test
    void sealOfABrokenChainDoesNotCoverTheOthers() {
        String broken = Relay.through(1, MESSAGE).replace("Hello  Bob", "Buy now");
        String marked = new Relay(3).carry(broken);
        assertThat(field(marked, "ARC-Seal", 2)).contains("cv=fail");
        String other = new Relay(3).carry(broken.replace("arc=none", "arc=pass"));
        assertThat(field(other, "ARC-Seal", 2)).isEqualTo(field(marked, "ARC-Seal", 2));
    }

    @Test
    void chainThatCannotBeCheckedNowIsNotSealed() {
        String message = Relay.through(1, MESSAGE);
        ArcResult result = Relay.validate(message, "arc._domainkey.hop1.example. SERVFAIL\n");
        assertThat(result.status()).isEqualTo(ArcStatus.FAIL);
        assertThat(result.findings().temporary()).isTrue();
        assertThat(new Relay(2).carry(message, result)).isEqualTo(message);
    }

    @Test
    void chainWhoseKeysAreGoneFails() {
        ArcResult result = Relay.validate(Relay.through(1, MESSAGE), "");
        assertThat(result.why()).contains("there is no key at arc._domainkey.hop1.example");
        assertThat(result.findings().temporary()).isFalse();
    }

    @Test
    void signatureThatCoversSealsIsNone() {
        String message = Relay.through(1, MESSAGE);
        fails(message.replace(":dkim-signature;", ":dkim-signature:arc-seal;"), "h= names seals");
        fails(message.replace("h=from:from:", "h="), "From unsigned");
        fails(message.replaceFirst("bh=", "bx="), "no bh=");
    }

    @Test
    void manyFieldsAreBoundedWork() {
        fails("ARC-Seal: i=1; cv=none\r\n".repeat(100_000) + MESSAGE, "more than 50 sets");
        fails("ARC-Message-Signature: i=1\r\n".repeat(50) + MESSAGE, "two ARC-Message-Signature");
        fails("ARC-Seal: i=1; cv=none; b=" + "A".repeat(1 << 20) + "\r\n" + MESSAGE, "no instance number");
        fails("ARC-Authentication-Results: " + "(".repeat(1 << 20) + "\r\n" + MESSAGE, "no instance number");
    }

    @Test
    void resultsThatWouldBreakTheHeaderAreNotSealed() {
        ArcSealer sealer = new Relay(1).sealer();
        ArcResult none = validate(MESSAGE);
        for (String text : List.of("", " ", "a\r\nb", "a\nb", "a\rb", "a\0", "a\r\n", "a;\r\n\r\n b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> sealer.stamp(none, text));
        }
        String longLine = "mx.example; spf=pass " + "x".repeat(60);
        String sealed = Postbag.stamp(sealer.stamp(none, longLine), MESSAGE) + MESSAGE;
        assertThat(sealed).contains("ARC-Authentication-Results: i=1;\r\n\tmx.example; spf=pass");
        assertThat(validate(sealed).hops()).extracting(ArcHop::results).containsExactly(longLine);
    }
}
