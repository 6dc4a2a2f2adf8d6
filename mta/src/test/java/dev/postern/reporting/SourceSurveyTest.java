package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateReport;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.AuthResults;
import dev.postern.feedback.Disposition;
import dev.postern.feedback.DkimAuthResult;
import dev.postern.feedback.PolicyEvaluated;
import dev.postern.feedback.PolicyEvaluated.Aligned;
import dev.postern.feedback.PolicyPublished;
import dev.postern.feedback.ReportMetadata;
import dev.postern.feedback.ReportPeriod;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dmarc.DmarcRecord;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceSurveyTest {
    private static final InetAddress OWN = InetAddress.ofLiteral("192.0.2.1");
    private static final SourceSurvey.Own OURS =
            new SourceSurvey.Own(OWN::equals, Set.of(DomainName.of("s1._domainkey.blue.example")));

    private static AggregateRow row(
            String source, long count, String author, boolean dkim, boolean spf, String... signatures) {
        boolean passes = dkim || spf;
        return new AggregateRow(
                InetAddress.ofLiteral(source),
                count,
                new PolicyEvaluated(
                        passes ? Disposition.PASS : Disposition.REJECT, Aligned.of(dkim), Aligned.of(spf), List.of()),
                new AggregateRow.Identifiers(DomainName.of(author), Optional.empty(), Optional.empty()),
                new AuthResults(
                        List.of(signatures).stream()
                                .map(text -> List.of(text.split("/", -1)))
                                .map(parts -> new DkimAuthResult(
                                        DomainName.of(parts.get(0)),
                                        Optional.of(parts.get(1)),
                                        DkimOutcome.valueOf(parts.get(2)),
                                        Optional.empty()))
                                .toList(),
                        List.of()));
    }

    private static AggregateReport report(String reporter, AggregateRow... rows) {
        return new AggregateReport(
                new ReportMetadata(
                        reporter,
                        "d@" + reporter,
                        Optional.empty(),
                        "1",
                        new ReportPeriod(Instant.EPOCH, Instant.EPOCH),
                        List.of(),
                        Optional.empty()),
                PolicyPublished.of(
                        DomainName.of("blue.example"),
                        DmarcRecord.parse("v=DMARC1; p=reject").orElseThrow()),
                List.of(rows));
    }

    private static List<SourceSurvey.Source> sources(Optional<DomainName> within, AggregateReport... reports) {
        SourceSurvey survey = new SourceSurvey(within, OURS);
        for (AggregateReport report : reports) {
            survey.add(report);
        }
        return survey.sources();
    }

    @Test
    void rowsOfAllReportsAddUpByAddress() {
        assertThat(sources(
                        Optional.empty(),
                        report("a.example", row("192.0.2.1", 3, "blue.example", true, true)),
                        report(
                                "b.example",
                                row("192.0.2.1", 2, "sub.blue.example", false, true),
                                row("192.0.2.1", 1, "blue.example", false, false))))
                .singleElement()
                .satisfies(source -> {
                    assertThat(source.counts()).isEqualTo(new SourceSurvey.Counts(6, 3, 5, 1, 1));
                    assertThat(source.names().authors()).containsExactly("blue.example", "sub.blue.example");
                    assertThat(source.names().reporters()).containsExactly("a.example", "b.example");
                });
    }

    @Test
    void oursThatFailStandFirstThenOthersThatFail() {
        assertThat(sources(
                        Optional.empty(),
                        report(
                                "a.example",
                                row("203.0.113.1", 900, "blue.example", true, true),
                                row("203.0.113.2", 50, "blue.example", false, false),
                                row("203.0.113.3", 60, "blue.example", false, false),
                                row("192.0.2.1", 1, "blue.example", false, false),
                                row("203.0.113.4", 5, "blue.example", true, false, "blue.example/s1/PASS"))))
                .extracting(source -> source.address().getHostAddress())
                .containsExactly("192.0.2.1", "203.0.113.3", "203.0.113.2", "203.0.113.4", "203.0.113.1");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, '', true",
        "203.0.113.1, blue.example/s1/PASS, true",
        "203.0.113.1, blue.example/s1/FAIL, false",
        "203.0.113.1, blue.example/s2/PASS, false",
        "203.0.113.1, red.example/s1/PASS, false",
    })
    void oursAreOurAddressesAndWhatOurKeysHaveSigned(String source, String signature, boolean own) {
        String[] signatures = signature.isEmpty() ? new String[0] : new String[] {signature};
        assertThat(sources(
                        Optional.empty(), report("a.example", row(source, 1, "blue.example", false, true, signatures))))
                .singleElement()
                .returns(own, SourceSurvey.Source::own);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, false, false, 'ours, and fails'",
        "203.0.113.1, false, false, 'not known here'",
        "203.0.113.1, false, true, 'passes by SPF alone'",
        "192.0.2.1, true, false, 'passes by DKIM alone'",
        "203.0.113.1, true, false, 'signed in your name'",
        "192.0.2.1, true, true, 'good'",
        "203.0.113.1, true, true, 'good; if you'",
    })
    void adviceFitsTheCase(String source, boolean dkim, boolean spf, String begin) {
        assertThat(sources(Optional.empty(), report("a.example", row(source, 1, "blue.example", dkim, spf))))
                .singleElement()
                .satisfies(one -> assertThat(one.advice()).startsWith(begin));
    }

    @Test
    void onlyAuthorsOfTheDomainThatIsAskedForCount() {
        assertThat(sources(
                        Optional.of(DomainName.of("sub.blue.example")),
                        report(
                                "a.example",
                                row("203.0.113.1", 1, "blue.example", true, true),
                                row("203.0.113.2", 1, "sub.blue.example", true, true),
                                row("203.0.113.3", 1, "x.sub.blue.example", true, true))))
                .extracting(source -> source.address().getHostAddress())
                .containsExactly("203.0.113.2", "203.0.113.3");
    }
}
