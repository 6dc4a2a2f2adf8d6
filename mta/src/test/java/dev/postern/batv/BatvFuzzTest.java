package dev.postern.batv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import dev.postern.srs.SrsSecrets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/// Any local part: as an address of ours it is plain or forged, never good; as a sender it comes back from its signed
/// address as it was.
class BatvFuzzTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final SignedReturnPaths PATHS = new SignedReturnPaths(
            new BatvSettings(Set.of(OURS), BatvSettings.USUAL_DAYS, UnsignedAddresses.none()),
            SrsSecrets.of("a secret of the fuzz test"),
            InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")));

    @FuzzTest
    void addresses(FuzzedDataProvider data) {
        Mailbox.parse(data.consumeRemainingAsString() + "@ours.example").ifPresent(BatvFuzzTest::check);
    }

    private static void check(Mailbox address) {
        assertThat(PATHS.validate(address)).isNotInstanceOf(Validation.Genuine.class);
        if (PATHS.sign(address) instanceof Signing.Signed(Mailbox signed)) {
            assertThat(PATHS.signs(address)).isTrue();
            assertThat(Mailbox.parse(signed.toString())).hasValue(signed);
            assertThat(PATHS.validate(signed)).isEqualTo(new Validation.Genuine(address));
            assertThat(SignedReturnPaths.unsigned(signed)).hasValue(address);
            assertThat(PATHS.sign(signed)).isInstanceOf(Signing.Kept.class);
        } else {
            assertThat(PATHS.signs(address)).isFalse();
        }
    }
}
