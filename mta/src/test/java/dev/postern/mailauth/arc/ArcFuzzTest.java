package dev.postern.mailauth.arc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.Postbag;
import dev.postern.message.MessageReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/// Any header as a chain: validating it ends in a result, and what is then sealed is a header.
class ArcFuzzTest {
    @FuzzTest
    void header(FuzzedDataProvider data) {
        String header = new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        MessageReader message = Postbag.read(header);
        ArcVerification verification = new ArcVerifier(
                        Resolver.none(), DkimSettings.usual(), InstantSource.fixed(Postbag.NOW), Optional.empty())
                .begin(message.header());
        ArcResult result = verification.finish();
        assertThat(result.passed()).isFalse();
        assertThat(result.why()).isNotBlank();
        String fields = Postbag.stamp(new Relay(2).sealer().stamp(result, "mx.example; none"), header);
        if (!fields.isEmpty() && !header.startsWith(" ") && !header.startsWith("\t")) { // Intake refuses those
            ArcChain chain = ArcChain.read(Postbag.read(fields + header).header());
            assertThat(chain.ended() || chain.fault().isEmpty()).isTrue();
            assertThat(chain.highest()).isPositive();
        }
    }
}
