package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.dns.DomainName;
import dev.postern.feedback.PolicyEvaluated.Aligned;
import dev.postern.feedback.PolicyEvaluated.OverrideType;
import dev.postern.feedback.PolicyEvaluated.Reason;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dmarc.Alignment;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.dmarc.FailureOption;
import dev.postern.mailauth.spf.SpfIdentity;
import dev.postern.mailauth.spf.SpfOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.SAXException;

class AggregateXmlTest {
    private static Finding read(byte[] xml) throws IOException {
        return AggregateXml.read(new ByteArrayInputStream(xml), ReportLimits.DEFAULT);
    }

    private static Finding read(String xml) throws IOException {
        return read(xml.getBytes(StandardCharsets.UTF_8));
    }

    private static Finding.Aggregate aggregate(String xml) throws IOException {
        return (Finding.Aggregate) read(xml);
    }

    private static String broken(String xml) throws IOException {
        Finding finding = read(xml);
        assertThat(finding).isInstanceOf(Finding.Broken.class);
        return ((Finding.Broken) finding).why();
    }

    private static void validate(byte[] xml) throws IOException, SAXException {
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(new StreamSource(new ByteArrayInputStream(Samples.file("aggregate.xsd"))))
                .newValidator()
                .validate(new StreamSource(new ByteArrayInputStream(xml)));
    }

    @Test
    void sampleOfTheStandardIsRead() throws Exception {
        byte[] sample = Samples.file("rfc9990.xml");
        validate(sample);
        Finding.Aggregate found = (Finding.Aggregate) read(sample);
        assertThat(found.remarks()).isEmpty();
        AggregateReport report = found.report();
        assertThat(report.metadata().organization()).isEqualTo("Sample Reporter");
        assertThat(report.metadata().email()).isEqualTo("report_sender@example-reporter.com");
        assertThat(report.metadata().extraContact()).contains("...");
        assertThat(report.metadata().reportId()).isEqualTo("3v98abbp8ya9n3va8yr8oa3ya");
        assertThat(report.metadata().generator()).contains("Example DMARC Aggregate Reporter v1.2");
        assertThat(report.metadata().period())
                .isEqualTo(new ReportPeriod(Instant.ofEpochSecond(302832000), Instant.ofEpochSecond(302918399)));
        assertThat(report.policy().domain()).isEqualTo(DomainName.of("example.com"));
        assertThat(report.policy().discovery()).contains(PolicyPublished.Discovery.TREEWALK);
        assertThat(report.policy().policies().domain()).isEqualTo(DmarcPolicy.QUARANTINE);
        assertThat(report.policy().policies().missing()).contains(DmarcPolicy.NONE);
        assertThat(report.policy().failureOptions()).containsExactly(FailureOption.ALL_FAIL);
        assertThat(report.policy().testing()).isFalse();
        assertThat(report.messages()).isEqualTo(123);
        AggregateRow row = report.rows().getFirst();
        assertThat(row.source().getHostAddress()).isEqualTo("192.0.2.123");
        assertThat(row.evaluated())
                .isEqualTo(new PolicyEvaluated(Disposition.PASS, Aligned.PASS, Aligned.FAIL, List.of()));
        assertThat(row.evaluated().passes()).isTrue();
        assertThat(row.identifiers().envelopeFrom()).contains(DomainName.of("example.com"));
        assertThat(row.results().dkim())
                .containsExactly(new DkimAuthResult(
                        DomainName.of("example.com"), Optional.of("abc123"), DkimOutcome.PASS, Optional.empty()));
        assertThat(row.results().spf())
                .containsExactly(new SpfAuthResult(
                        DomainName.of("example.com"), Optional.empty(), SpfOutcome.FAIL, Optional.empty()));
    }

    @Test
    void olderFormIsRead() throws IOException {
        AggregateReport report = aggregate(Samples.text("rfc7489.xml")).report();
        assertThat(report.metadata().organization()).isEqualTo("Old Mail GmbH & Co");
        assertThat(report.metadata().errors()).containsExactly("no rua", "two records");
        assertThat(report.policy().domain()).isEqualTo(DomainName.of("example.org"));
        assertThat(report.policy().discovery()).isEmpty();
        assertThat(report.policy().policies().subdomains()).contains(DmarcPolicy.QUARANTINE);
        assertThat(report.policy().policies().missing()).isEmpty();
        assertThat(report.policy().alignments().dkim()).isEqualTo(Alignment.STRICT);
        assertThat(report.policy().failureOptions())
                .containsExactlyInAnyOrder(FailureOption.ANY_FAILS, FailureOption.DKIM);
        AggregateRow row = report.rows().getFirst();
        assertThat(row.evaluated().reasons())
                .containsExactly(
                        new Reason(OverrideType.TRUSTED_FORWARDER, Optional.of("looks like it")),
                        new Reason(OverrideType.POLICY_TEST_MODE, Optional.empty()),
                        new Reason(OverrideType.OTHER, Optional.empty()));
        assertThat(row.identifiers().envelopeTo()).contains(DomainName.of("old.example"));
        assertThat(row.identifiers().envelopeFrom()).isEmpty();
        assertThat(row.results().dkim().getFirst().humanResult()).contains("body hash did not verify");
        assertThat(row.results().spf())
                .extracting(SpfAuthResult::scope, SpfAuthResult::result)
                .containsExactly(
                        tuple(Optional.of(SpfIdentity.HELO), SpfOutcome.NONE),
                        tuple(Optional.of(SpfIdentity.MAIL_FROM), SpfOutcome.PASS));
    }

    @Test
    void whatIsWrittenIsValidAndReadBack() throws Exception {
        AggregateReport report = Samples.aggregate("1.2@mx.postern.example");
        byte[] xml = AggregateXml.write(report);
        validate(xml);
        assertThat(read(xml)).isEqualTo(new Finding.Aggregate(report, List.of()));
    }

    @Test
    void olderFormIsWrittenInTheNew() throws Exception {
        byte[] xml = AggregateXml.write(aggregate(Samples.text("rfc7489.xml")).report());
        validate(xml);
        AggregateReport again = ((Finding.Aggregate) read(xml)).report();
        assertThat(again.metadata().errors()).containsExactly("no rua; two records");
        assertThat(again.rows().getFirst().results().spf())
                .extracting(SpfAuthResult::scope)
                .containsExactly(Optional.of(SpfIdentity.MAIL_FROM));
    }

    @Test
    void hostileTextsCannotLeaveTheirElement() throws Exception {
        AggregateReport sample = Samples.aggregate("1");
        AggregateReport report = new AggregateReport(
                new ReportMetadata(
                        "</org_name><x>&#0;\u0000\u001b\ud800]]>\ufffe",
                        "a\r\nb",
                        Optional.of(" \u2028 "),
                        "1",
                        Samples.PERIOD,
                        List.of(""),
                        Optional.empty()),
                sample.policy(),
                sample.rows());
        byte[] xml = AggregateXml.write(report);
        validate(xml);
        assertThat(read(xml)).isEqualTo(new Finding.Aggregate(report, List.of()));
        assertThat(report.metadata().organization()).isEqualTo("</org_name><x>&#0;\ufffd\ufffd\ufffd]]>\ufffd");
        assertThat(report.metadata().email()).isEqualTo("a b");
        assertThat(report.metadata().extraContact()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <version>1.0</version>                            | <version>2</version><surprise a='b'><c/></surprise>
            xmlns="urn:ietf:params:xml:ns:dmarc-2.0"          | xmlns="http://dmarc.org/dmarc-xml/0.1"
            <sp>none</sp>                                     | <sp>whatever</sp>
            <np>none</np>                                     | <!-- none -->
            <testing>n</testing>                              | <testing/>
            <discovery_method>treewalk</discovery_method>     | <discovery_method>oracle</discovery_method>
            <begin>302832000</begin>                          | <begin> 302832000.0 </begin>
            <disposition>pass</disposition>                   | <disposition>PASS</disposition>
            <count>123</count>                                | <count><![CDATA[123]]></count>
            <count>123</count>                                | <count>1<b>9</b>2<!-- -- >3</count>
            <header_from>example.com</header_from>            | <header_from>EXAMPLE.com.</header_from>
            <envelope_from>example.com</envelope_from>        | <envelope_from></envelope_from>
            <envelope_from>example.com</envelope_from>        | <envelope_from>not a domain</envelope_from>
            <selector>abc123</selector>                       | <selector></selector>
            <source_ip>192.0.2.123</source_ip>                | <source_ip> 192.0.2.123 </source_ip>
            <dkim>pass</dkim>                                 | <dkim>Pass</dkim>
            """)
    void whatReportersSendIsReadToo(String standard, String sent) throws IOException {
        String sample = Samples.text("rfc9990.xml");
        assertThat(sample).contains(standard);
        String replaced = sample.replace(standard, sent.replace("<!-- -- >", ""));
        assertThat(aggregate(replaced).report().rows().getFirst().count()).isEqualTo(123);
        assertThat(aggregate(replaced).remarks()).isEmpty();
        assertThat(aggregate("\uFEFF" + replaced).report().messages()).isEqualTo(123);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pass     | PASS
            hardfail | FAIL
            unknown  | TEMPERROR
            error    | PERMERROR
            PermError| PERMERROR
            gibberish| NONE
            """)
    void olderWordsForResultsAreKnown(String word, SpfOutcome outcome) throws IOException {
        String sample = Samples.text("rfc9990.xml").replace("<result>fail</result>", "<result>" + word + "</result>");
        assertThat(aggregate(sample)
                        .report()
                        .rows()
                        .getFirst()
                        .results()
                        .spf()
                        .getFirst()
                        .result())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <source_ip>192.0.2.123</source_ip>       | <source_ip>192.0.2.300</source_ip>
            <source_ip>192.0.2.123</source_ip>       | <source_ip>localhost</source_ip>
            <count>123</count>                       | <count>0</count>
            <count>123</count>                       | <count>-1</count>
            <count>123</count>                       | <count>99999999999999999999999</count>
            <count>123</count>                       | <count>999999999999999999</count>
            <header_from>example.com</header_from>   | <header_from>a b</header_from>
            <header_from>example.com</header_from>   | <x/>
            """)
    void rowsWithoutSenseAreLeftOut(String standard, String sent) throws IOException {
        String sample = Samples.text("rfc9990.xml");
        assertThat(broken(sample.replace(standard, sent))).startsWith("the report has no record that makes sense: ");
        int record = sample.indexOf("  <record>");
        String two = sample.substring(0, record)
                + sample.substring(record).replace(standard, sent).replace("</feedback>", "")
                + sample.substring(record);
        assertThat(aggregate(two).report().rows()).hasSize(1);
        assertThat(aggregate(two).remarks()).hasSize(1).first().asString().startsWith("a record is left out: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <report_id>3v98abbp8ya9n3va8yr8oa3ya</report_id>     |                         | the report has no report_id
            <end>302918399</end>                                 |                         | the report has no time at which it ends
            <end>302918399</end>                                 | <end>tomorrow</end>     | the report has no time at which it ends
            <end>302918399</end>                                 | <end>1</end>            | the report is about a period that ends at 1970-01-01T00:00:01Z, before it begins at 1979-08-07T00:00:00Z
            <end>302918399</end>                                 | <end>999999999999999</end> | the report is about a period out of bounds: 1979-08-07T00:00:00Z to +31690708-07-05T01:46:39Z
            <domain>example.com</domain>\\n    <p>               | <p>                     | the report has no domain in policy_published
            policy_published>                                    | policy_hidden>          | the report has no policy_published
            report_metadata>                                     | meta>                   | the report has no report_metadata
            </feedback>                                          | </feedbock>             | the XML is malformed in line 48
            <count>                                              | <count>&amp;&laugh;     | the XML is malformed in line 25
            """)
    void whatIsMissingIsSaid(String standard, String sent, String why) throws IOException {
        String sample = Samples.text("rfc9990.xml");
        String from = standard.replace("\\n", "\n");
        assertThat(sample).contains(from);
        assertThat(broken(sample.replace(from, sent == null ? "" : sent))).isEqualTo(why);
    }

    @Test
    void reporterWithoutANameHasAnAddress() throws IOException {
        String sample = Samples.text("rfc9990.xml");
        String nameless = sample.replace("<org_name>Sample Reporter</org_name>", "");
        assertThat(aggregate(nameless).report().metadata().organization())
                .isEqualTo("report_sender@example-reporter.com");
        assertThat(broken(nameless.replace("email>", "e-mail>"))).isEqualTo("the report does not say who made it");
    }

    @Test
    void otherXmlIsNoReport() throws IOException {
        assertThat(read("<html/>")).isEqualTo(new Finding.NoReport("the XML is <html>, not <feedback>"));
    }

    @Test
    void billionLaughsAreNotHeard() throws IOException {
        StringBuilder laughs =
                new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE feedback [\n<!ENTITY l0 \"ha\">\n");
        for (int i = 1; i < 10; i++) {
            laughs.append("<!ENTITY l")
                    .append(i)
                    .append(" \"")
                    .append(("&l" + (i - 1) + ";").repeat(10))
                    .append("\">\n");
        }
        assertThat(broken(laughs + "]>\n<feedback>&l9;</feedback>")).isEqualTo("the XML has a document type");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <!DOCTYPE feedback SYSTEM "file:///etc/passwd"><feedback/>
            <!DOCTYPE feedback [<!ENTITY x SYSTEM "file:///etc/passwd">]><feedback>&x;</feedback>
            <!DOCTYPE feedback PUBLIC "a" "http://127.0.0.1:1/x.dtd"><feedback/>
            <?xml version="1.0"?><!-- <!-x --><!DOCTYPE feedback><feedback/>
            """)
    void outsideEntitiesAreNotFetched(String xml) throws IOException {
        assertThat(broken(xml)).isEqualTo("the XML has a document type");
    }

    @Test
    void commentsAndSectionsMayHoldAnything() throws IOException {
        String sample = Samples.text("rfc9990.xml");
        String odd = sample.replace(
                "<version>1.0</version>", "<!-- <!DOCTYPE --><?x <!DOCTYPE ??><x><![CDATA[<!DOCTYPE ]]]]></x><!---->");
        assertThat(aggregate(odd).report().messages()).isEqualTo(123);
    }

    @Test
    void deepNestingEnds() throws IOException {
        assertThat(broken("<feedback>" + "<a>".repeat(100_000)))
                .isEqualTo("the XML has more than 2000000 elements, or more than 30 within each other");
    }

    @ParameterizedTest
    @CsvSource({"<a b='", "<!--", "<![CDATA[", "<?x ", "<version>"})
    void hugePiecesEnd(String begin) throws IOException {
        assertThat(broken("<feedback>" + begin + "x ".repeat(1 << 20)))
                .isEqualTo("a piece of the XML has more than 100000 characters");
    }

    @Test
    void longTextsAreCut() throws IOException {
        String sample = Samples.text("rfc9990.xml").replace("Sample Reporter", "n".repeat(50_000));
        assertThat(aggregate(sample).report().metadata().organization()).hasSizeBetween(1000, Words.LONGEST);
    }

    @Test
    void octetsAreBounded() throws IOException {
        ReportLimits limits = new ReportLimits(1000, 1000, 10, 10, 10);
        Finding finding = AggregateXml.read(new ByteArrayInputStream(Samples.file("rfc9990.xml")), limits);
        assertThat(finding).isEqualTo(new Finding.Broken("the report has more than 1000 octets"));
    }

    @Test
    void rowsAreBounded() throws IOException {
        String sample = Samples.text("rfc9990.xml");
        int record = sample.indexOf("  <record>");
        int end = sample.indexOf("</feedback>");
        String one = sample.substring(record, end).replaceAll(">\\s+<", "><");
        assertThat(broken(sample.substring(0, record) + one.repeat(50_001) + "</feedback>"))
                .isEqualTo("the report has more than 50000 records");
        assertThat(aggregate(sample.substring(0, record) + one.repeat(1000) + "</feedback>")
                        .report()
                        .messages())
                .isEqualTo(123_000);
    }

    @Test
    void rowsThatAreLeftOutAreRemarkedAFewTimes() throws IOException {
        String sample = Samples.text("rfc9990.xml");
        String many = sample.replace("</feedback>", "<record/>".repeat(10_000) + "</feedback>");
        assertThat(aggregate(many).remarks()).hasSize(21).last().isEqualTo("and 9980 more of the kind");
    }

    @Test
    void wrongUtf8AndNulDoNoHarm() throws IOException {
        byte[] sample = Samples.file("rfc9990.xml");
        String text = new String(sample, StandardCharsets.ISO_8859_1);
        byte[] wrong = text.replace("Sample", "S\u00e4m\u00ff").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(((Finding.Aggregate) read(wrong)).report().metadata().organization())
                .isEqualTo("S\ufffdm\ufffd Reporter");
        byte[] nul = text.replace("Sample", "S\u0000").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(read(nul)).isEqualTo(new Finding.Broken("the XML is malformed in line 4"));
    }

    @Test
    void reportCutOffAnywhereIsBroken() throws IOException {
        byte[] sample = Samples.file("rfc9990.xml");
        int whole = new String(sample, StandardCharsets.UTF_8).lastIndexOf('>') + 1;
        for (int length = 0; length < whole; length++) {
            assertThat(read(Arrays.copyOf(sample, length)))
                    .as("%d octets", length)
                    .isInstanceOf(Finding.Broken.class);
        }
    }

    @Test
    void recordsCannotBeWrong() {
        AggregateReport sample = Samples.aggregate("1");
        AggregateRow row = sample.rows().getFirst();
        assertThatThrownBy(() -> new AggregateReport(sample.metadata(), sample.policy(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Samples.row("192.0.2.1", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Samples.row("192.0.2.1", AggregateRow.MOST + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AuthResults(
                        java.util.Collections.nCopies(101, row.results().dkim().getFirst()), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReportLimits(1, 1, 1, 1, 100_000_000))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
