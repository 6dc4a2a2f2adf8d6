package dev.postern.mailauth.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The signed messages of RFC 6376 appendix A and RFC 8463 appendix A.
class PublishedSamplesTest {
    private static final String RSA = "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
            + "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
            + "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
            + "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
            + "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";
    private static final String FOOTBALL_RSA = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
            + "KBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"
            + "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lx"
            + "j+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kr"
            + "yOTIKT+l/K4w3QIDAQAB";
    private static final String ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    private static final String ZONE = Postbag.txt("brisbane._domainkey.example.com", RSA)
            + Postbag.txt("test._domainkey.football.example.com", FOOTBALL_RSA)
            + Postbag.txt("brisbane._domainkey.football.example.com", ED25519);

    private static final String RFC_6376 = Postbag.crLf("""
            DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
                  c=simple/simple; q=dns/txt; i=joe@football.example.com;
                  h=Received : From : To : Subject : Date : Message-ID;
                  bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                  b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
                  4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
                  KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
                  4bmp/YzhwvcubU4=;
            Received: from client1.football.example.com  [192.0.2.1]
                  by submitserver.example.com with SUBMISSION;
                  Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game. Are you hungry yet?

            Joe.
            """);

    private static final String RFC_8463_MESSAGE = Postbag.crLf("""
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.

            """);

    private static final String RFC_8463 = Postbag.crLf("""
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            """) + RFC_8463_MESSAGE;

    @Test
    void sampleOfRfc6376Passes() {
        DkimResults results = Postbag.verify(RFC_6376, ZONE);
        assertThat(results.each()).singleElement().satisfies(result -> {
            assertThat(result.why()).isEqualTo("the signature is right");
            assertThat(result.outcome()).isEqualTo(DkimOutcome.PASS);
            assertThat(result.claim())
                    .isEqualTo(new DkimResult.Claim(
                            Optional.of(DomainName.of("example.com")),
                            Optional.of("joe@football.example.com"),
                            Optional.of(DomainName.of("brisbane")),
                            Optional.of("rsa-sha256"),
                            Optional.of("AuUoFEfD")));
            assertThat(result.findings().key()).isEqualTo(new KeyCheck.Key(1024, false, false));
            assertThat(result.findings().unsignedOctets()).isZero();
            assertThat(result.findings().evidence())
                    .singleElement()
                    .satisfies(seen -> assertThat(seen.toString())
                            .startsWith("brisbane._domainkey.example.com TXT: \"v=DKIM1; p=MIGf"));
        });
        assertThat(results.isSignedBy(DomainName.of("example.com"))).isTrue();
        assertThat(results.isSignedBy(DomainName.of("football.example.com"))).isFalse();
    }

    @Test
    void bothSignaturesOfRfc8463Pass() {
        DkimResults results = Postbag.verify(RFC_8463, ZONE);
        assertThat(results.each()).extracting(DkimResult::outcome).containsExactly(DkimOutcome.PASS, DkimOutcome.PASS);
        assertThat(results.each())
                .extracting(result -> result.claim().algorithm())
                .containsExactly(Optional.of("ed25519-sha256"), Optional.of("rsa-sha256"));
        assertThat(results.each())
                .extracting(result -> result.findings().key().bits())
                .containsExactly(256, 1024);
        assertThat(results.outcome()).isEqualTo(DkimOutcome.PASS);
    }

    @ParameterizedTest
    @CsvSource({
        "Suzie, Susie, FAIL",
        "ready, READY, FAIL",
        "hungry, thirsty, FAIL",
        "Joe., Joe!, FAIL",
        "'game.  Are', 'game. \t Are', PASS",
        "'Subject: Is', 'SUBJECT :   Is', PASS",
    })
    void whatIsChangedBreaksBothSignaturesUnlessItIsWhiteSpace(String from, String to, DkimOutcome outcome) {
        String changed = RFC_8463.replace(from, to);
        assertThat(changed).isNotEqualTo(RFC_8463);
        assertThat(Postbag.verify(changed, ZONE).each())
                .extracting(DkimResult::outcome)
                .containsExactly(outcome, outcome);
    }

    @Test
    void simpleSignatureBreaksByWhiteSpaceAlone() {
        assertThat(Postbag.verify(RFC_6376.replace("Subject: Is", "Subject:  Is"), ZONE)
                        .outcome())
                .isEqualTo(DkimOutcome.FAIL);
        assertThat(Postbag.verify(RFC_6376.replace("game. Are", "game.  Are"), ZONE)
                        .outcome())
                .isEqualTo(DkimOutcome.FAIL);
        assertThat(Postbag.verify(RFC_6376 + "\r\n\r\n", ZONE).outcome()).isEqualTo(DkimOutcome.PASS);
    }

    /// The secret key of RFC 8463 appendix A.1, which is that of RFC 8032 §7.1.
    @Test
    void publishedSecretKeyHasThePublishedPublicKey() throws IOException {
        DkimKey key = DkimKey.parse("""
                -----BEGIN PRIVATE KEY-----
                MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
                -----END PRIVATE KEY-----
                """, "key", Optional.empty());
        assertThat(key.record()).isEqualTo(ED25519);
    }
}
