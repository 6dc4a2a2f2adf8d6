package dev.postern.srs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// Any address: as one of ours it is another's, or forged, and never leads anywhere; as a sender it comes back from
/// its return address as it was.
class SrsFuzzTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final SenderRewriting REWRITING = new SenderRewriting(
            new SrsSettings(OURS, Set.of(OURS), SrsSettings.USUAL_DAYS),
            SrsSecrets.of("a secret of the fuzz test"),
            InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")));

    @FuzzTest
    void addresses(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        Mailbox.parse(text + "@ours.example")
                .ifPresent(address -> assertThat(REWRITING.back(address)).isNotInstanceOf(Reversal.Genuine.class));
        Optional<Mailbox> sender = Mailbox.parse(text).or(() -> Mailbox.parse(text + "@other.example"));
        if (sender.isPresent()
                && REWRITING.forward(sender.get()) instanceof Rewriting.Rewritten(Mailbox address, String why)) {
            assertThat(Mailbox.parse(address.toString())).hasValue(address);
            if (SrsForm.parse(address.localPart().value()).orElse(null) instanceof SrsForm.Further further
                    && further.forwarder().equals(OURS)) {
                assertThat(REWRITING.back(address)).isInstanceOf(Reversal.Forged.class); // we made no such SRS0
                return;
            }
            assertThat(REWRITING.back(address)).isInstanceOfSatisfying(Reversal.Genuine.class, genuine -> {
                if (address.localPart().value().startsWith(SrsForm.FIRST)) {
                    assertThat(genuine.sender()).isEqualTo(sender.get());
                } else {
                    assertThat(genuine.sender().localPart().value()).startsWith(SrsForm.FIRST);
                }
            });
        }
    }
}
