package dev.postern.mailauth.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.message.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Any octets as an Authentication-Results field, and any text as a value in ours: what is read can be written and
/// read again, whoever is read as the writer is claimed to be it, and a value never becomes more than a value.
class ResultsFuzzTest {
    private static final String OURS = "mx.example.org";

    @FuzzTest
    void fields(byte[] octets) {
        String payload = new String(octets, StandardCharsets.ISO_8859_1);
        HeaderField field = HeaderField.of(AuthenticationResults.NAME + ":" + payload);
        boolean claims = AuthenticationResults.claims(field, OURS);
        Optional<AuthenticationResults> read = AuthenticationResults.parse(payload);
        read.ifPresent(results -> {
            assertThat(AuthenticationResults.parse(results.payload(true))).contains(results);
            if (results.authservId().equalsIgnoreCase(OURS)) {
                assertThat(claims).isTrue();
            }
        });
    }

    @FuzzTest
    void values(FuzzedDataProvider data) {
        String value = data.consumeString(500);
        String reason = data.consumeRemainingAsString();
        AuthenticationResults results = new AuthenticationResults(
                OURS,
                List.of(
                        MethodResult.of("spf", "fail").because(reason).with("smtp", "mailfrom", value),
                        MethodResult.of("dmarc", "fail")));
        assertThat(AuthenticationResults.parse(results.payload(true))).contains(results);
        String ascii = results.payload(false);
        assertThat(ascii).matches("(?:[ -~]|\r\n\t)+").doesNotContain("=?");
        assertThat(AuthenticationResults.parse(ascii).orElseThrow().results())
                .extracting(result -> result.method() + "=" + result.result())
                .containsExactly("spf=fail", "dmarc=fail");
        assertThat(AuthenticationResults.claims(results.field(true), OURS)).isTrue();
        assertThat(AuthenticationResults.claims(results.field(false), OURS)).isTrue();
    }
}
