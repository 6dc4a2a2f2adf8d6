package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.message.MessageReader;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Work that strangers would have us do: it is bounded, and its result is defined.
class HostileDkimTest {
    private static final String MESSAGE = "From: a@example.org\r\n\r\nHello\r\n";
    private static final String ED = "v=1; a=ed25519-sha256; d=example.org; s=ed; h=from";
    private static final String ZONE = Postbag.txt("ed._domainkey.example.org", Forge.ED25519.record());

    private static DkimResult only(String message, String zone) {
        DkimResults results = Postbag.verify(message, zone);
        assertThat(results.each()).hasSize(1);
        return results.each().getFirst();
    }

    @Test
    void thousandSignaturesCostTenQuestions() {
        AtomicInteger questions = new AtomicInteger();
        ZoneResolver zone = ZoneResolver.of(ZONE);
        Resolver counting = new Resolver() {
            @Override
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                questions.incrementAndGet();
                return zone.resolve(name, type);
            }
        };
        String signed = Forge.sign(Forge.ED25519, ED, MESSAGE);
        String signature = signed.substring(0, signed.indexOf("From:"));
        MessageReader reader = Postbag.read(signature.repeat(1000) + MESSAGE);
        DkimVerification verification = new DkimVerifier(
                        counting, DkimSettings.usual(), InstantSource.fixed(Postbag.NOW), Optional.empty())
                .begin(reader.header());
        Postbag.feed(reader, verification);
        DkimResults results = verification.finish();
        assertThat(results.each()).hasSize(10).allMatch(DkimResult::passed);
        assertThat(results.notLookedAt()).isEqualTo(990);
        assertThat(questions).hasValue(10);
    }

    @Test
    void fieldOfAMegabyteIsNotRead() {
        String signature = "DKIM-Signature: " + ED + "; bh=AAAA; b=" + "A".repeat(1 << 20) + "\r\n";
        DkimResult result = only(signature + MESSAGE, ZONE);
        assertThat(result.outcome()).isEqualTo(DkimOutcome.NEUTRAL);
        assertThat(result.why()).contains("65536 octets");
    }

    @Test
    void hundredThousandFieldsAndNamesAreWalkedOnce() {
        StringBuilder header = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            header.append("X: ").append(i).append("\r\n");
        }
        String signed = Forge.sign(Forge.ED25519, ED + ":x".repeat(20_000), header + MESSAGE);
        assertThat(only(signed, ZONE).passed()).isTrue();
        assertThat(only(signed.replace("X: 99999", "X: 9999"), ZONE).outcome()).isEqualTo(DkimOutcome.FAIL);
        assertThat(only(signed.replace("X: 79999", "X: 7999"), ZONE).passed()).isTrue();
    }

    @Test
    void everySignatureMayCutTheBodyElsewhere() {
        String body = "0123456789".repeat(20_000) + "\r\n";
        String message = "From: a@example.org\r\n\r\n" + body;
        StringBuilder signatures = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            String signed = Forge.sign(Forge.ED25519, ED + "; l=" + (i * 19_999), message);
            signatures.append(signed, 0, signed.indexOf("From:"));
        }
        DkimResults results = Postbag.verify(signatures + message, ZONE);
        assertThat(results.each()).hasSize(10).allMatch(DkimResult::passed);
        assertThat(results.each())
                .extracting(result -> result.findings().unsignedOctets())
                .startsWith(200_002L, 180_003L)
                .endsWith(20_011L);
    }

    @Test
    void hundredAndOneTagsAreTooMany() {
        StringBuilder tags = new StringBuilder(ED);
        for (int i = 0; i < 101; i++) {
            tags.append("; x").append(i).append("=1");
        }
        assertThat(only(Forge.sign(Forge.ED25519, tags.toString(), MESSAGE), ZONE)
                        .outcome())
                .isEqualTo(DkimOutcome.NEUTRAL);
    }

    /// A domain of somebody else passes for that domain, and says nothing about From.
    @Test
    void signatureOfAnotherDomainIsThatOfTheOtherDomain() {
        String signed = Forge.sign(Forge.ED25519, ED.replace("example.org", "evil.example"), MESSAGE);
        DkimResults results =
                Postbag.verify(signed, ZONE + Postbag.txt("ed._domainkey.evil.example", Forge.ED25519.record()));
        assertThat(results.isSignedBy(DomainName.of("evil.example"))).isTrue();
        assertThat(results.isSignedBy(DomainName.of("example.org"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1023, 65537, false, PERMERROR, 'of 1023 bits proves nothing'",
        "512, 65537, true, PERMERROR, 'of 512 bits proves nothing'",
        "1024, 65537, false, FAIL, 'not one of this header'",
        "1024, 65537, true, FAIL, 'not one of this header'",
        "4096, 3, false, FAIL, 'not one of this header'",
        "8192, 65537, false, FAIL, 'not one of this header'",
        "8193, 65537, false, POLICY, 'too costly'",
        "100000, 65537, true, POLICY, 'too costly'",
        "2048, 1, false, PERMERROR, 'no key'",
        "2048, 0, false, PERMERROR, 'no key'",
        "2048, 65536, false, PERMERROR, 'no key'",
        "2048, 8589934593, false, POLICY, 'too costly'",
        "2048, 4294967297, false, FAIL, 'not one of this header'",
        "2048, 36893488147419103233, false, POLICY, 'too costly'",
    })
    void rsaKeysAreBoundedFromBothSides(int bits, String exponent, boolean bare, DkimOutcome outcome, String why) {
        BigInteger modulus =
                new BigInteger(bits, new Random(bits)).setBit(bits - 1).setBit(0);
        byte[] key = sequence(integer(modulus), integer(new BigInteger(exponent)));
        String record = "v=DKIM1; p=" + Base64.getEncoder().encodeToString(bare ? key : subjectPublicKeyInfo(key));
        DkimResult result = rsa(record);
        assertThat(result.why()).contains(why);
        assertThat(result.outcome()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "AAAA",
        "MAA=",
        "MIA=",
        "MIT/////",
        "MIN///8CAQM=",
        "MIGJAoGBALVI635d",
        "MAYCAQMCAQM=",
        "MBMwBwYFKw4DAgADCAAwBgIBAwIBAw==",
    })
    void whatIsNoKeyIsNone(String key) {
        DkimResult result = rsa("v=DKIM1; p=" + key);
        assertThat(result.outcome()).isEqualTo(DkimOutcome.PERMERROR);
        assertThat(result.why()).containsAnyOf("p= of the key is no key", "proves nothing");
    }

    @Test
    void evenModulusIsNoKey() {
        BigInteger modulus = BigInteger.ONE.shiftLeft(2047);
        byte[] key = sequence(integer(modulus), integer(BigInteger.valueOf(65_537)));
        assertThat(rsa("p=" + Base64.getEncoder().encodeToString(key)).why()).isEqualTo("p= of the key is no key");
    }

    @ParameterizedTest
    @CsvSource({
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "//////////////////////////////////////////8=",
        "7f///////////////////////////////////////38=",
        "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    })
    void pointsOffTheCurveDoNotVerify(String point) {
        DkimResult result = only(
                Forge.sign(Forge.ED25519, ED, MESSAGE),
                Postbag.txt("ed._domainkey.example.org", "k=ed25519; p=" + point));
        assertThat(result.outcome()).isIn(DkimOutcome.FAIL, DkimOutcome.PERMERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "AAAA",
        "AA==",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
    })
    void signatureOfAnyLengthIsOnlyWrong(String signature) {
        String signed = Forge.sign(Forge.ED25519, ED, MESSAGE);
        String message = signed.replaceFirst("; b=[^\r]*", "; b=" + signature);
        assertThat(only(message, ZONE).outcome()).isEqualTo(DkimOutcome.FAIL);
        String rsa = Forge.sign(Forge.RSA, "v=1; a=rsa-sha256; d=example.org; s=rsa; h=from", MESSAGE)
                .replaceFirst("; b=[^\r]*", "; b=" + signature);
        assertThat(only(rsa, Postbag.txt("rsa._domainkey.example.org", Forge.RSA.record()))
                        .outcome())
                .isEqualTo(DkimOutcome.FAIL);
    }

    @Test
    void recordOfSixtyThousandOctetsIsRead() {
        String record = Forge.ED25519.record() + "; n=" + "x".repeat(60_000);
        assertThat(only(Forge.sign(Forge.ED25519, ED, MESSAGE), Postbag.txt("ed._domainkey.example.org", record))
                        .passed())
                .isTrue();
    }

    private static DkimResult rsa(String record) {
        return only(
                Forge.sign(Forge.RSA, "v=1; a=rsa-sha256; d=example.org; s=rsa; h=from", MESSAGE),
                Postbag.txt("rsa._domainkey.example.org", record));
    }

    private static byte[] subjectPublicKeyInfo(byte[] key) {
        byte[] algorithm = {0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0};
        byte[] bits = new byte[key.length + 1];
        System.arraycopy(key, 0, bits, 1, key.length);
        return sequence(algorithm, der(3, bits));
    }

    private static byte[] integer(BigInteger value) {
        return der(2, value.toByteArray());
    }

    private static byte[] sequence(byte[]... values) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] value : values) {
            all.writeBytes(value);
        }
        return der(0x30, all.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        if (content.length >= 128) {
            value.write(0x83);
            value.write(content.length >> 16);
            value.write(content.length >> 8);
        }
        value.write(content.length);
        value.writeBytes(content);
        return value.toByteArray();
    }
}
