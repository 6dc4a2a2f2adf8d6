package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.feedback.ReportPeriod;
import dev.postern.feedback.TlsFailure;
import dev.postern.feedback.TlsPolicyResult;
import dev.postern.feedback.TlsReport;
import dev.postern.tlspolicy.TlsTrial;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TlsSurveyTest {
    private static TlsReport report(String domain, TlsTrial.Type type, long good, long bad) {
        return new TlsReport(
                "A",
                new ReportPeriod(Instant.EPOCH, Instant.EPOCH),
                Optional.empty(),
                "1",
                List.of(new TlsPolicyResult(
                        new TlsPolicyResult.Policy(type, List.of(), DomainName.of(domain), List.of()),
                        good,
                        bad,
                        List.of(new TlsFailure(
                                TlsTrial.Result.CERTIFICATE_EXPIRED,
                                Optional.empty(),
                                new TlsFailure.ReceivingMx(
                                        Optional.of("mx." + domain), Optional.empty(), Optional.empty()),
                                bad,
                                Optional.empty(),
                                Optional.empty())))));
    }

    private static TlsSurvey.Way expiredAt(String host) {
        return new TlsSurvey.Way(TlsTrial.Result.CERTIFICATE_EXPIRED, Optional.of(host));
    }

    @Test
    void sessionsAddUpByDomainAndPolicyThoseThatFailFirst() {
        TlsSurvey survey = new TlsSurvey(Optional.of(DomainName.of("ours.example")));
        survey.add(report("ours.example", TlsTrial.Type.STS, 10, 1));
        survey.add(report("ours.example", TlsTrial.Type.STS, 5, 2));
        survey.add(report("sub.ours.example", TlsTrial.Type.TLSA, 0, 7));
        survey.add(report("other.example", TlsTrial.Type.STS, 1, 1));
        assertThat(survey.sessions())
                .containsExactly(
                        new TlsSurvey.Sessions(
                                DomainName.of("sub.ours.example"),
                                TlsTrial.Type.TLSA,
                                0,
                                7,
                                Map.of(expiredAt("mx.sub.ours.example"), 7L)),
                        new TlsSurvey.Sessions(
                                DomainName.of("ours.example"),
                                TlsTrial.Type.STS,
                                15,
                                3,
                                Map.of(expiredAt("mx.ours.example"), 3L)));
    }
}
