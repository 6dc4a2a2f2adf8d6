package dev.postern.tlspolicy.dane;

import static dev.postern.crypto.TestCertificate.NOW;
import static dev.postern.crypto.TestCertificate.named;
import static dev.postern.crypto.TestCertificate.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.dns.TlsaRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrictSenderTest {

    private static final DomainName MX = DomainName.of("mx.example.org");
    private static final TestCertificate ROOT = root("CN=Root");
    private static final TestCertificate SERVER =
            named("CN=server").dns(MX.text()).by(ROOT);
    private static final TestCertificate NEXT =
            named("CN=server").dns(MX.text()).by(ROOT);

    private static StrictSender.Forecast forecast(List<TlsaRecord> published, TestCertificate... shown) {
        return StrictSender.forecast(
                published,
                List.of(MX),
                Arrays.stream(shown).map(TestCertificate::certificate).toList(),
                NOW);
    }

    private static TlsaRecord record(TestCertificate of, int usage, int selector, int matching) {
        return CertificateAssociation.of(of.certificate(), usage, selector, matching);
    }

    @Test
    void nothingPublishedRefusesNothing() {
        assertThat(forecast(List.of(), SERVER).refused()).isFalse();
        assertThat(forecast(List.of(record(NEXT, 1, 1, 1)), SERVER))
                .satisfies(forecast -> assertThat(forecast.refused()).isFalse())
                .satisfies(forecast -> assertThat(forecast.why()).contains("no TLSA record can be used"));
    }

    @Test
    void keyThatIsNotPublishedIsRefused() {
        StrictSender.Forecast forecast = forecast(List.of(record(SERVER, 3, 1, 1)), NEXT, ROOT);

        assertThat(forecast.refused()).isTrue();
        assertThat(forecast.satisfied()).isEmpty();
        assertThat(forecast.why()).contains("no TLSA record stands for the certificate: TLSA 3 1 1");
    }

    @Test
    void oldAndNewKeySideBySideAreTakenBoth() {
        List<TlsaRecord> both = List.of(record(SERVER, 3, 1, 1), record(NEXT, 3, 1, 1));

        assertThat(forecast(both, SERVER, ROOT).satisfied()).containsExactly(both.get(0));
        assertThat(forecast(both, NEXT, ROOT).satisfied()).containsExactly(both.get(1));
        assertThat(forecast(both, NEXT, ROOT).refused()).isFalse();
    }

    @Test
    void issuerMustBeSent() {
        List<TlsaRecord> issuer = List.of(CertificateAssociation.ofIssuer(ROOT.certificate()));

        assertThat(forecast(issuer, NEXT, ROOT).refused()).isFalse();
        assertThat(forecast(issuer, NEXT).refused()).isTrue();
    }

    @Test
    void certificateThatWillHaveExpiredIsRefusedByItsIssuersRecordAndTakenByItsOwn() {
        List<TlsaRecord> issuer = List.of(CertificateAssociation.ofIssuer(ROOT.certificate()));
        List<TlsaRecord> own = List.of(CertificateAssociation.ofServer(SERVER.certificate()));
        var chain = List.of(SERVER.certificate(), ROOT.certificate());

        assertThat(StrictSender.forecast(issuer, List.of(MX), chain, NOW.plus(Duration.ofDays(20)))
                        .refused())
                .isTrue();
        assertThat(StrictSender.forecast(own, List.of(MX), chain, NOW.plus(Duration.ofDays(20)))
                        .refused())
                .isFalse();
    }

    /// RFC 7671 §8.1: a new key needs a record of every digest that is published.
    @Test
    void everyDigestThatIsInUseMustStandForTheCertificate() {
        TlsaRecord old512 = record(SERVER, 3, 1, 2);
        TlsaRecord old256 = record(SERVER, 3, 1, 1);
        TlsaRecord new512 = record(NEXT, 3, 1, 2);
        TlsaRecord new256 = record(NEXT, 3, 1, 1);

        assertThat(forecast(List.of(old512, old256, new256), NEXT).refused())
                .as("who knows SHA-512 refuses")
                .isTrue();
        assertThat(forecast(List.of(old512, old256, new512), NEXT).refused())
                .as("who knows only SHA-256 refuses")
                .isTrue();
        assertThat(forecast(List.of(old512, old256, new512, new256), NEXT).refused())
                .isFalse();
        assertThat(forecast(List.of(new512), NEXT).refused())
                .as("who knows only SHA-256 can use none")
                .isFalse();
    }

    /// RFC 7671 §5.2: what the record holds itself is no reason not to send it.
    @Test
    void issuerMustBeSentWhateverTheRecordHolds() {
        for (int selector = 0; selector <= 1; selector++) {
            List<TlsaRecord> whole = List.of(record(ROOT, 2, selector, 0));

            assertThat(forecast(whole, NEXT, ROOT).refused()).isFalse();
            assertThat(forecast(whole, NEXT).refused()).isTrue();
        }
        TestCertificate alone = named("CN=alone").dns(MX.text()).bySelf();
        assertThat(forecast(List.of(record(alone, 2, 1, 0)), alone).refused()).isTrue();
        assertThat(forecast(List.of(record(alone, 2, 1, 1)), alone).refused()).isTrue();
    }

    @Test
    void issuerThatIsOutOfDateIsNotTakenByAll() {
        TestCertificate old =
                named("CN=Root").key(ROOT.pair()).authority().expired().bySelf();
        List<TlsaRecord> issuer = List.of(CertificateAssociation.ofIssuer(ROOT.certificate()));

        assertThat(forecast(issuer, SERVER, old))
                .satisfies(forecast -> assertThat(forecast.refused()).isTrue())
                .satisfies(forecast -> assertThat(forecast.why()).contains("out of date"));
        assertThat(forecast(issuer, SERVER, old, ROOT).refused()).isFalse();
    }

    @Test
    void everyRecordHasItsReason() {
        StrictSender.Forecast forecast = forecast(
                List.of(record(SERVER, 3, 1, 1), record(ROOT, 2, 1, 1), record(NEXT, 3, 1, 1), record(SERVER, 1, 1, 1)),
                SERVER,
                ROOT);

        assertThat(forecast.records())
                .extracting(StrictSender.RecordForecast::usable, StrictSender.RecordForecast::satisfied)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(true, true),
                        org.assertj.core.groups.Tuple.tuple(true, true),
                        org.assertj.core.groups.Tuple.tuple(true, false),
                        org.assertj.core.groups.Tuple.tuple(false, false));
        assertThat(forecast.records())
                .extracting(StrictSender.RecordForecast::why)
                .satisfies(whys -> assertThat(whys.get(0)).isEqualTo("dane-ee 3 1 1"))
                .satisfies(whys -> assertThat(whys.get(3)).contains("usage 1 is not for mail"));
    }

    @Test
    void forecastForNothingIsAMistake() {
        assertThatThrownBy(() -> forecast(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
