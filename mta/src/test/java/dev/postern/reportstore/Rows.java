package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.AuthResults;
import dev.postern.feedback.Disposition;
import dev.postern.feedback.DkimAuthResult;
import dev.postern.feedback.PolicyEvaluated;
import dev.postern.feedback.SpfAuthResult;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.spf.SpfIdentity;
import dev.postern.mailauth.spf.SpfOutcome;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Observations for tests.
final class Rows {
    static final DmarcRecord RECORD = DmarcRecord.parse("v=DMARC1; p=reject; rua=mailto:dmarc@blue.example!10m")
            .orElseThrow();

    private Rows() {}

    /// One message from an address in the name of a domain, which failed.
    static Observation<DmarcRecord, AggregateRow> seen(String domain, String source) {
        return new Observation<>(DomainName.of(domain), RECORD, row(source, 1));
    }

    static AggregateRow row(String source, long count) {
        return new AggregateRow(
                InetAddress.ofLiteral(source),
                count,
                new PolicyEvaluated(
                        Disposition.REJECT, PolicyEvaluated.Aligned.FAIL, PolicyEvaluated.Aligned.FAIL, List.of()),
                new AggregateRow.Identifiers(DomainName.of("blue.example"), Optional.empty(), Optional.empty()),
                new AuthResults(List.of(), List.of()));
    }

    /// A row in which everything stands that can.
    static AggregateRow full() {
        return new AggregateRow(
                InetAddress.ofLiteral("2001:db8::1"),
                3,
                new PolicyEvaluated(
                        Disposition.NONE,
                        PolicyEvaluated.Aligned.PASS,
                        PolicyEvaluated.Aligned.FAIL,
                        List.of(
                                new PolicyEvaluated.Reason(
                                        PolicyEvaluated.OverrideType.TRUSTED_FORWARDER, Optional.of("a, b/c % d+e")),
                                new PolicyEvaluated.Reason(
                                        PolicyEvaluated.OverrideType.POLICY_TEST_MODE, Optional.empty()))),
                new AggregateRow.Identifiers(
                        DomainName.of("sub.blue.example"),
                        Optional.of(DomainName.of("bounce.blue.example")),
                        Optional.empty()),
                new AuthResults(
                        List.of(
                                new DkimAuthResult(
                                        DomainName.of("blue.example"),
                                        Optional.of("s1"),
                                        DkimOutcome.PASS,
                                        Optional.empty()),
                                new DkimAuthResult(
                                        DomainName.of("list.example"),
                                        Optional.empty(),
                                        DkimOutcome.NEUTRAL,
                                        Optional.empty())),
                        List.of(new SpfAuthResult(
                                DomainName.of("bounce.blue.example"),
                                Optional.of(SpfIdentity.MAIL_FROM),
                                SpfOutcome.SOFTFAIL,
                                Optional.empty()))));
    }
}
