package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.reporting.TlsSurvey;
import dev.postern.tlspolicy.TlsTrial;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionLinesTest {
    private static TlsSurvey.Sessions sessions(TlsTrial.Type policy, Map<TlsSurvey.Way, Long> failures) {
        long failed = failures.values().stream().mapToLong(Long::longValue).sum();
        return new TlsSurvey.Sessions(DomainName.of("ours.example"), policy, 10, failed, failures);
    }

    private static TlsSurvey.Way way(TlsTrial.Result result, String host) {
        return new TlsSurvey.Way(result, Optional.of(host).filter(name -> !name.isEmpty()));
    }

    @Test
    void failuresAreToldInWordsTheMostFrequentFirst() {
        TlsSurvey.Sessions sts = sessions(
                TlsTrial.Type.STS,
                Map.of(
                        way(TlsTrial.Result.CERTIFICATE_EXPIRED, "mx1.ours.example"), 3L,
                        way(TlsTrial.Result.STARTTLS_NOT_SUPPORTED, "mx2.ours.example"), 300L,
                        way(TlsTrial.Result.STS_POLICY_FETCH_ERROR, ""), 1L));
        assertThat(SessionLines.lines(sts)).isEqualTo("""
                        TLS to ours.example (MTA-STS): 10 sessions as they should be, 304 failed
                            300 at mx2.ours.example: STARTTLS is not offered (starttls-not-supported)
                            3 at mx1.ours.example: the certificate is out of date (certificate-expired)
                            1: the MTA-STS policy could not be fetched (sts-policy-fetch-error)""");
        assertThat(Output.json(SessionLines.map(sts)))
                .isEqualTo(
                        "{\"domain\":\"ours.example\",\"policy\":\"sts\",\"successful\":10,\"failed\":304,\"failures\":{"
                                + "\"starttls-not-supported at mx2.ours.example\":300,"
                                + "\"certificate-expired at mx1.ours.example\":3,\"sts-policy-fetch-error\":1}}");
    }

    @Test
    void domainWithoutFailuresIsOneLine() {
        assertThat(SessionLines.lines(sessions(TlsTrial.Type.TLSA, Map.of())))
                .isEqualTo("TLS to ours.example (DANE): 10 sessions as they should be, 0 failed");
        assertThat(SessionLines.lines(sessions(TlsTrial.Type.NO_POLICY_FOUND, Map.of())))
                .contains("(no policy found)");
    }

    @Test
    void everyFailureHasWordsOfItsOwn() {
        assertThat(Arrays.stream(TlsTrial.Result.values()).map(TlsTrial.Result::words))
                .doesNotHaveDuplicates()
                .allMatch(words -> words.length() > 10);
    }
}
