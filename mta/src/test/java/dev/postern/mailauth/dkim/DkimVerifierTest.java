package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.message.MessageReader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DkimVerifierTest {
    private static final String ED = "v=1; a=ed25519-sha256; d=example.org; s=ed; c=relaxed/relaxed";
    private static final String MESSAGE = Postbag.crLf("""
            Received: by mx.example.net
            From: Alice <alice@example.org>
            To: bob@example.net
            Subject: One
            Subject: Two

            Hello  Bob,

            how are you?
            """);
    private static final String ZONE = Postbag.txt("ed._domainkey.example.org", Forge.ED25519.record())
            + Postbag.txt("rsa._domainkey.example.org", Forge.RSA.record())
            + "down._domainkey.example.org. SERVFAIL\n"
            + "empty._domainkey.example.org. A 192.0.2.1\n";

    private static DkimResult only(String message, String zone) {
        DkimResults results = Postbag.verify(message, zone);
        assertThat(results.each()).hasSize(1);
        return results.each().getFirst();
    }

    private static DkimResult signed(String tags) {
        return only(Forge.sign(Forge.ED25519, tags, MESSAGE), ZONE);
    }

    private static void hasOutcome(DkimResult result, DkimOutcome outcome, String why) {
        assertThat(result.why()).contains(why);
        assertThat(result.outcome()).as(result.why()).isEqualTo(outcome);
    }

    @Test
    void messageWithoutSignatureHasNone() {
        DkimResults results = Postbag.verify(MESSAGE, ZONE);
        assertThat(results.each()).isEmpty();
        assertThat(results.outcome()).isEqualTo(DkimOutcome.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "c=simple/simple",
        "c=simple/relaxed",
        "c=relaxed/simple",
        "c=relaxed/relaxed",
        "c=simple",
        "c=relaxed",
        "z=x",
        "C=x"
    })
    void everyCanonicalizationPassesWithBothAlgorithms(String form) {
        String tags = "v=1; d=example.org; h=from:to:subject:subject:x-none:received; " + form;
        hasOutcome(
                only(Forge.sign(Forge.ED25519, tags + "; a=ed25519-sha256; s=ed", MESSAGE), ZONE),
                DkimOutcome.PASS,
                "");
        hasOutcome(only(Forge.sign(Forge.RSA, tags + "; a=rsa-sha256; s=rsa", MESSAGE), ZONE), DkimOutcome.PASS, "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i=@example.org                 | PASS      | right",
                "i=alice@sub.example.org        | PASS      | right",
                "i==61=3Balice@EXAMPLE.org      | PASS      | right",
                "i=@example.net                 | PERMERROR | i= speaks for example.net",
                "i=@org                         | PERMERROR | i= speaks for org",
                "i=@xexample.org                | PERMERROR | i= speaks for xexample.org",
                "i=alice                        | NEUTRAL   | i= has no @",
                "i=alice@                       | NEUTRAL   | i= is no identity",
                "i=a@example.org@example.net    | PERMERROR | i= speaks for example.net",
                "t=1795500000                   | PASS      | right",
                "t=1795500900                   | PASS      | right",
                "t=1795500901                   | PERMERROR | will be made at",
                "t=999999999999                 | PERMERROR | will be made at",
                "t=9999999999999                | NEUTRAL   | t= is no number",
                "t=-1                           | NEUTRAL   | t= is no number",
                "t=                             | NEUTRAL   | t= is no number",
                "x=1795499100                   | PASS      | right",
                "x=1795499099                   | PERMERROR | expired at",
                "x=1; t=2                       | PERMERROR | before it is made",
                "x=1795500000; t=1795500000     | PERMERROR | before it is made",
                "x=soon                         | NEUTRAL   | x= is no number",
                "q=dns/txt                      | PASS      | right",
                "q=x/y : DNS/TXT                | PASS      | right",
                "q=http/html                    | NEUTRAL   | q= names no way",
                "h=to:subject                   | PERMERROR | leaves From unsigned",
                "h=                             | NEUTRAL   | no h=",
                "h=from:                        | NEUTRAL   | no list of names",
                "h=from::to                     | NEUTRAL   | no list of names",
                "h=FROM : to : From : from      | PASS      | right",
                "h=from:dkim-signature          | PASS      | right",
                "c=nowsp                        | NEUTRAL   | no canonicalization",
                "c=simple/simple/simple         | NEUTRAL   | no canonicalization",
                "bh=AAAA                        | NEUTRAL   | no SHA-256",
                "bh=***                         | NEUTRAL   | bh= is no base64",
                "bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | FAIL | the body is not",
                "v=2                            | NEUTRAL   | v= is not 1",
                "v=                             | NEUTRAL   | no v=",
                "a=rsa-sha1                     | PERMERROR | RFC 8301",
                "a=RSA-SHA1                     | PERMERROR | RFC 8301",
                "a=ED25519-SHA256               | PASS      | right",
                "a=ecdsa-sha256                 | NEUTRAL   | no algorithm",
                "a=rsa-sha256                   | PERMERROR | not one for rsa-sha256",
                "d=                             | NEUTRAL   | no d=",
                "d=exa mple.org                 | PASS      | right",
                "d=example..org                 | NEUTRAL   | no domain name",
                "d=example.org.                 | NEUTRAL   | no domain name",
                "d=example.net                  | PERMERROR | no key at ed._domainkey.example.net",
                "s=none                         | PERMERROR | no key at none._domainkey.example.org",
                "s=empty                        | PERMERROR | no key at empty._domainkey.example.org",
                "s=down                         | TEMPERROR | cannot be had now",
                "s=(x.example.net               | NEUTRAL   | no domain name",
                "s=rsa                          | PERMERROR | not one for ed25519-sha256",
                "l=0                            | PASS      | right",
                "l=5                            | PASS      | right",
                "l=28                           | PASS      | right",
                "l=29                           | PERMERROR | beyond the body, which has 28",
                "l=-5                           | NEUTRAL   | l= is no number",
                "z=From:x=7CTo:y                  | PASS      | right",
                "unknown=1                      | PASS      | right",
            })
    void everyTagIsRead(String tag, DkimOutcome outcome, String why) {
        String name = tag.substring(0, tag.indexOf('='));
        String base = "; " + ED + "; h=from";
        String tags = base.replaceAll("; " + name + "=[^;]*", "").substring(2) + "; " + tag;
        hasOutcome(signed(tags), outcome, why);
    }

    @Test
    void tagThatStandsThereTwiceMakesTheSignatureVoid() {
        hasOutcome(signed(ED + "; h=from; d=example.net"), DkimOutcome.NEUTRAL, "twice");
    }

    @Test
    void lengthBeyondAllNumbersIsBeyondTheBody() {
        String message =
                Forge.sign(Forge.ED25519, ED + "; h=from; l=5", MESSAGE).replace("l=5", "l=" + "9".repeat(76));
        hasOutcome(only(message, ZONE), DkimOutcome.PERMERROR, "beyond the body");
        hasOutcome(only(message.replace("l=9", "l=99"), ZONE), DkimOutcome.NEUTRAL, "l= is no number");
    }

    @Test
    void whatIsAppendedBehindTheSignedLengthPassesAndIsReported() {
        String message = Forge.sign(Forge.ED25519, ED + "; h=from; l=28", MESSAGE);
        assertThat(only(message, ZONE).findings().unsignedOctets()).isZero();
        DkimResult replayed = only(message + "Buy now!\r\n", ZONE);
        hasOutcome(replayed, DkimOutcome.PASS, "");
        assertThat(replayed.findings().unsignedOctets()).isEqualTo(10);
        assertThat(replayed.vouches()).isFalse();
        assertThat(replayed.addition()).contains("10 octets at the end are not signed");
    }

    @ParameterizedTest
    @CsvSource({
        "from:date,       Date: now,    false",
        "from:date,       DATE: now,    false",
        "from:date:date,  X-Date: now,  true",
        "from:to,         To: <a@b.c>,  true",
        "from,            Date: now,    true"
    })
    void signatureDoesNotVouchForASecondFieldThatTheReaderTakesForTheFirst(
            String names, String added, boolean vouches) {
        String message = Forge.sign(
                Forge.ED25519,
                ED + "; h=" + names,
                "Date: then\r\nFrom: <a@example.org>\r\nTo: <b@example.org>\r\n\r\nHello.\r\n");
        assertThat(only(message, ZONE).vouches()).isTrue();
        DkimResult replayed = only(added + "\r\n" + message, ZONE);
        hasOutcome(replayed, DkimOutcome.PASS, "");
        assertThat(replayed.vouches()).as(replayed.toString()).isEqualTo(vouches);
    }

    @Test
    void fieldAddedAboveOneThatIsSignedOnceIsNotSeenAndOversignedBreaks() {
        String once = Forge.sign(Forge.ED25519, ED + "; h=from:subject", MESSAGE);
        String twice = Forge.sign(Forge.ED25519, ED + "; h=from:from:subject:subject:subject", MESSAGE);
        String evil = "From: Eve <eve@example.net>\r\n";
        hasOutcome(only(evil + once, ZONE), DkimOutcome.PASS, "");
        hasOutcome(only(evil + twice, ZONE), DkimOutcome.FAIL, "not one of this header");
        hasOutcome(only(once.replace("\r\n\r\n", "\r\n" + evil + "\r\n"), ZONE), DkimOutcome.FAIL, "");
        hasOutcome(only("Subject: Three\r\n" + twice, ZONE), DkimOutcome.FAIL, "");
        hasOutcome(only("Subject: Zero\r\n" + once, ZONE), DkimOutcome.PASS, "");
    }

    @Test
    void fieldsOfANameAreTakenFromTheBottom() {
        String message = Forge.sign(Forge.ED25519, ED + "; h=from:subject", MESSAGE);
        hasOutcome(only(message.replace("Subject: One\r\n", ""), ZONE), DkimOutcome.PASS, "");
        hasOutcome(only(message.replace("Subject: Two\r\n", ""), ZONE), DkimOutcome.FAIL, "");
    }

    @Test
    void signatureMayCoverAnotherOne() {
        String inner = Forge.sign(Forge.ED25519, ED + "; h=from", MESSAGE);
        String outer = Forge.sign(
                Forge.RSA, "v=1; a=rsa-sha256; d=example.org; s=rsa; h=from:dkim-signature:dkim-signature", inner);
        assertThat(Postbag.verify(outer, ZONE).each())
                .extracting(DkimResult::outcome)
                .containsExactly(DkimOutcome.PASS, DkimOutcome.PASS);
        assertThat(Postbag.verify(outer.replace("s=ed", "s=ED"), ZONE).each())
                .extracting(DkimResult::outcome)
                .containsExactly(DkimOutcome.FAIL, DkimOutcome.FAIL);
    }

    @Test
    void tagsMayBeFoldedAnywhereBetweenTheirWords() {
        String message = Forge.sign(
                Forge.ED25519,
                "v=1;\r\n\ta =\r\n ed25519-sha256; d=example.org;\r\n s=ed; c=relaxed ; h=from :\r\n\tto",
                MESSAGE);
        int end = message.indexOf("\r\nReceived");
        String folded = message.substring(0, end - 20) + "\r\n \t" + message.substring(end - 20, end - 3) + "\r\n "
                + message.substring(end - 3);
        hasOutcome(only(folded, ZONE), DkimOutcome.PASS, "");
    }

    @Test
    void internationalDomainIsItsALabel() {
        String zone = Postbag.txt("ed._domainkey.xn--bcher-kva.example", Forge.ED25519.record());
        String message = Forge.sign(
                Forge.ED25519,
                "v=1; a=ed25519-sha256; d=b\u00c3\u00bccher.example; i=x@b\u00c3\u00bccher.example; s=ed; h=from",
                MESSAGE);
        DkimResult result = only(message, zone);
        hasOutcome(result, DkimOutcome.PASS, "");
        assertThat(result.claim().domain()).contains(DomainName.of("xn--bcher-kva.example"));
        hasOutcome(only(message.replace("\u00c3", "\u00ff"), zone), DkimOutcome.NEUTRAL, "no domain name");
    }

    static Stream<Arguments> records() {
        String key = Forge.ED25519.record().replaceAll(".*p=", "");
        return Stream.of(
                Arguments.of("k=ed25519; p=" + key, DkimOutcome.PASS, "right"),
                Arguments.of("v=DKIM1; k=ed25519; p=" + key + ";;", DkimOutcome.PASS, "right"),
                Arguments.of("v=DKIM1; k=ED25519; n=a note; g=*; p= " + key + " ", DkimOutcome.PASS, "right"),
                Arguments.of("v=DKIM1; k=ed25519; h=sha1:sha256; p=" + key, DkimOutcome.PASS, "right"),
                Arguments.of("v=DKIM1; k=ed25519; h=sha1; p=" + key, DkimOutcome.PERMERROR, "not for SHA-256"),
                Arguments.of("v=DKIM1; k=ed25519; s=*; p=" + key, DkimOutcome.PASS, "right"),
                Arguments.of("v=DKIM1; k=ed25519; s=tlsrpt:email; p=" + key, DkimOutcome.PASS, "right"),
                Arguments.of("v=DKIM1; k=ed25519; s=tlsrpt; p=" + key, DkimOutcome.PERMERROR, "not for mail"),
                Arguments.of("v=DKIM1; k=ed25519; t=y:s:x; p=" + key, DkimOutcome.PASS, "right"),
                Arguments.of("v=DKIM2; k=ed25519; p=" + key, DkimOutcome.PERMERROR, "v=DKIM1"),
                Arguments.of("v=dkim1; k=ed25519; p=" + key, DkimOutcome.PERMERROR, "v=DKIM1"),
                Arguments.of("k=ed25519; v=DKIM1; p=" + key, DkimOutcome.PERMERROR, "v=DKIM1"),
                Arguments.of("v=DKIM1; k=ed25519; p=", DkimOutcome.PERMERROR, "revoked"),
                Arguments.of("v=DKIM1; k=ed25519", DkimOutcome.PERMERROR, "no p="),
                Arguments.of("v=DKIM1; k=ed25519; p=" + key + "; p=" + key, DkimOutcome.PERMERROR, "twice"),
                Arguments.of("v=DKIM1; k=ed25519; p=*" + key, DkimOutcome.PERMERROR, "no base64"),
                Arguments.of("v=DKIM1; k=ed25519; p=AAAA" + key, DkimOutcome.PERMERROR, "no key"),
                Arguments.of("v=DKIM1; k=rsa; p=" + key, DkimOutcome.PERMERROR, "not one for"),
                Arguments.of("v=DKIM1; p=" + key, DkimOutcome.PERMERROR, "not one for"),
                Arguments.of("v=DKIM1; k=ed25519; p=\\000" + key, DkimOutcome.PERMERROR, "character"),
                Arguments.of("", DkimOutcome.PERMERROR, "no p="),
                Arguments.of("v=spf1 -all", DkimOutcome.PERMERROR, "v=DKIM1"),
                Arguments.of("hello", DkimOutcome.PERMERROR, "no list of tags"),
                Arguments.of(
                        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                        DkimOutcome.FAIL,
                        "not one of this header"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyTagOfTheRecordOfAKeyIsRead(String record, DkimOutcome outcome, String why) {
        String message = Forge.sign(Forge.ED25519, ED + "; h=from", MESSAGE);
        DkimResult result = only(message, Postbag.txt("ed._domainkey.example.org", record));
        hasOutcome(result, outcome, why);
        assertThat(result.findings().key().testing()).isEqualTo(record.contains("t=y"));
        assertThat(result.findings().evidence()).hasSize(1);
    }

    @Test
    void strictKeySpeaksForItsDomainAlone() {
        String zone = Postbag.txt("ed._domainkey.example.org", Forge.ED25519.record() + "; t=s");
        hasOutcome(
                only(Forge.sign(Forge.ED25519, ED + "; h=from; i=x@example.org", MESSAGE), zone), DkimOutcome.PASS, "");
        hasOutcome(
                only(Forge.sign(Forge.ED25519, ED + "; h=from; i=x@a.example.org", MESSAGE), zone),
                DkimOutcome.PERMERROR,
                "t=s");
    }

    @Test
    void selectorMayBeAnAliasAndNoneThatLeadsNowhereOrInACircle() {
        String message = Forge.sign(Forge.ED25519, ED + "; h=from", MESSAGE);
        String alias = "ed._domainkey.example.org. CNAME ";
        hasOutcome(
                only(message, alias + "k.host.example.\n" + Postbag.txt("k.host.example", Forge.ED25519.record())),
                DkimOutcome.PASS,
                "right");
        hasOutcome(only(message, alias + "k.host.example.\n"), DkimOutcome.PERMERROR, "there is no key");
        hasOutcome(
                only(message, alias + "k.host.example.\nk.host.example. SERVFAIL\n"),
                DkimOutcome.TEMPERROR,
                "cannot be had now");
        hasOutcome(
                only(message, alias + "k.host.example.\nk.host.example. CNAME ed._domainkey.example.org.\n"),
                DkimOutcome.TEMPERROR,
                "cannot be had now");
    }

    @Test
    void oneGoodRecordAmongSeveralIsEnough() {
        String message = Forge.sign(Forge.ED25519, ED + "; h=from", MESSAGE);
        String name = "ed._domainkey.example.org";
        String bad = Postbag.txt(name, "v=spf1 -all") + Postbag.txt(name, Forge.RSA.record());
        hasOutcome(only(message, bad + Postbag.txt(name, Forge.ED25519.record())), DkimOutcome.PASS, "");
        String other = Postbag.txt(name, "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        hasOutcome(only(message, other + bad), DkimOutcome.FAIL, "not one of this header");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            many.append(Postbag.txt(name, "v=DKIM1; n=" + i + "; p="));
        }
        hasOutcome(only(message, many + Postbag.txt(name, Forge.ED25519.record())), DkimOutcome.PERMERROR, "revoked");
    }

    @Test
    void dnsIsNotAskedForABodyThatIsWrongAnyway() {
        String message = Forge.sign(Forge.ED25519, ED + "; h=from", MESSAGE) + "more\r\n";
        DkimResult result = only(message, "ed._domainkey.example.org. SERVFAIL\n");
        hasOutcome(result, DkimOutcome.FAIL, "the body is not");
        assertThat(result.findings().evidence()).isEmpty();
    }

    @Test
    void resolverThatFailsIsATemporaryErrorWithItsReason() {
        MessageReader message = Postbag.read(Forge.sign(Forge.ED25519, ED + "; h=from", MESSAGE));
        DkimVerification verification = new DkimVerifier(
                        Resolver.none(), DkimSettings.usual(), InstantSource.fixed(Postbag.NOW), Optional.empty())
                .begin(message.header());
        Postbag.feed(message, verification);
        DkimResults results = verification.finish();
        assertThat(results.outcome()).isEqualTo(DkimOutcome.TEMPERROR);
        assertThat(results.each().getFirst().why())
                .isEqualTo("the key at ed._domainkey.example.org cannot be had now: no resolver is configured");
    }

    @ParameterizedTest
    @EnumSource
    void bodyMayBeEmptyOrAbsentOrWithoutItsFinalLineEnd(Canonicalization form) {
        String header = "From: alice@example.org\r\n";
        String tags = "v=1; a=ed25519-sha256; d=example.org; s=ed; h=from; c=simple/"
                + form.name().toLowerCase(java.util.Locale.ROOT);
        String empty = Forge.sign(Forge.ED25519, tags, header + "\r\n");
        hasOutcome(only(empty, ZONE), DkimOutcome.PASS, "");
        hasOutcome(only(empty.substring(0, empty.length() - 2), ZONE), DkimOutcome.PASS, "");
        hasOutcome(only(empty + "\r\n\r\n", ZONE), DkimOutcome.PASS, "");
        hasOutcome(only(empty + ".\r\n", ZONE), DkimOutcome.FAIL, "");
        String text = Forge.sign(Forge.ED25519, tags, header + "\r\na\rb\nc\r\r\n");
        hasOutcome(only(text, ZONE), DkimOutcome.PASS, "");
        hasOutcome(only(text.substring(0, text.length() - 2), ZONE), DkimOutcome.PASS, "");
        hasOutcome(only(text.replace("b\nc", "b\r\nc"), ZONE), DkimOutcome.FAIL, "");
        hasOutcome(only(text.replace("a\rb", "a\r\nb"), ZONE), DkimOutcome.FAIL, "");
    }

    @Test
    void timeIsThatOfTheClock() {
        String message = Forge.sign(Forge.ED25519, ED + "; h=from; t=1000; x=2000", MESSAGE);
        assertThat(Postbag.verify(message, ZONE, Instant.ofEpochSecond(1500)).outcome())
                .isEqualTo(DkimOutcome.PASS);
        assertThat(Postbag.verify(message, ZONE, Instant.ofEpochSecond(99)).outcome())
                .isEqualTo(DkimOutcome.PERMERROR);
        assertThat(Postbag.verify(message, ZONE, Instant.ofEpochSecond(2901)).outcome())
                .isEqualTo(DkimOutcome.PERMERROR);
    }

    @Test
    void claimOfASignatureThatCannotBeReadIsEmpty() {
        DkimResult result = only("DKIM-Signature: ;;;\r\n" + MESSAGE, ZONE);
        hasOutcome(result, DkimOutcome.NEUTRAL, "no list of tags");
        assertThat(result.claim())
                .isEqualTo(new DkimResult.Claim(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        DkimResult odd = only("DKIM-Signature: v=1; a=(x); d=a(b).c; s=\"; i=no; b=<>\"\r\n" + MESSAGE, ZONE);
        assertThat(odd.claim()).isEqualTo(result.claim());
    }
}
