package dev.postern.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.DkimAuthResult;
import dev.postern.feedback.SpfAuthResult;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.policy.AuthenticationSettings;
import dev.postern.policy.AuthenticationSettings.Quarantine;
import dev.postern.policy.Verdict;
import dev.postern.reportstore.DaySummary;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.MessageForm;
import dev.postern.reportstore.ObservationLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservationRecorderTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");
    private static final String ZONE = """
            none.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.none.example. TXT "v=DMARC1; p=none; rua=mailto:d@none.example"
            quarantine.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.quarantine.example. TXT "v=DMARC1; p=quarantine; rua=mailto:d@quarantine.example"
            reject.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.reject.example. TXT "v=DMARC1; p=reject; sp=none; rua=mailto:d@reject.example"
            sub.reject.example. A 192.0.2.1
            tested.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.tested.example. TXT "v=DMARC1; p=quarantine; t=y; rua=mailto:d@tested.example"
            silent.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.silent.example. TXT "v=DMARC1; p=reject"
            web.example. TXT "v=spf1 ip4:192.0.2.1 -all"
            _dmarc.web.example. TXT "v=DMARC1; p=reject; rua=https://web.example/"
            half.example. TXT "v=spf1 include:broken.example -all"
            _dmarc.half.example. TXT "v=DMARC1; p=reject; rua=mailto:d@half.example"
            """;

    @TempDir
    private Path folder;

    private final ReportingWorld world = new ReportingWorld(ZONE);
    private ObservationLedger<DmarcRecord, AggregateRow> ledger;

    @BeforeEach
    void open() throws IOException {
        ledger = ObservationLedger.open(new MessageForm(), folder, LedgerBounds.usual(), world.clock);
    }

    private Verdict judge(AuthenticationSettings settings, String client, String sender, String author) {
        return world.judge(
                settings,
                new ObservationRecorder(ledger),
                InetAddress.ofLiteral(client),
                sender,
                "From: " + author + "\r\nSubject: hello\r\n\r\nHello.\r\n");
    }

    private List<AggregateRow> rows(String domain) {
        return ledger.summary(DAY, DomainName.of(domain)).map(DaySummary::rows).orElse(List.of());
    }

    private static String words(AggregateRow row) {
        return row.count() + " " + row.evaluated().disposition() + " dkim="
                + row.evaluated().dkim() + " spf="
                + row.evaluated().spf()
                + row.evaluated().reasons().stream()
                        .map(reason -> " " + reason.type())
                        .collect(Collectors.joining())
                + " " + row.identifiers().headerFrom() + " "
                + row.identifiers().envelopeFrom().map(DomainName::text).orElse("-");
    }

    private static AuthenticationSettings settings(String how) {
        AuthenticationSettings usual = ReportingWorld.usual();
        return new AuthenticationSettings(
                usual.authservId(),
                !how.equals("mark"),
                switch (how) {
                    case "hold" -> Quarantine.HOLD;
                    case "refuse" -> Quarantine.REFUSE;
                    default -> Quarantine.MARK;
                },
                how.equals("defer"),
                usual.trustedForwarders(),
                usual.trustedSealers());
    }

    @ParameterizedTest
    @CsvSource({
        // policy domain, settings, client, sender, author, row
        "none.example, usual, 192.0.2.1, a@none.example, a@none.example, 1 none dkim=fail spf=pass none.example none.example",
        "none.example, usual, 198.51.100.9, a@none.example, a@none.example, 1 none dkim=fail spf=fail none.example none.example",
        "reject.example, usual, 192.0.2.1, a@reject.example, a@reject.example, 1 pass dkim=fail spf=pass reject.example reject.example",
        "reject.example, usual, 198.51.100.9, a@reject.example, a@reject.example, 1 reject dkim=fail spf=fail reject.example reject.example",
        "reject.example, usual, 198.51.100.9, '', a@reject.example, 1 reject dkim=fail spf=fail reject.example -",
        "reject.example, usual, 198.51.100.9, a@other.example, a@sub.reject.example, 1 none dkim=fail spf=fail sub.reject.example other.example",
        "reject.example, mark, 198.51.100.9, a@reject.example, a@reject.example, 1 none dkim=fail spf=fail local_policy reject.example reject.example",
        "reject.example, usual, 203.0.113.5, a@reject.example, a@reject.example, 1 none dkim=fail spf=fail trusted_forwarder reject.example reject.example",
        "quarantine.example, usual, 198.51.100.9, '', a@quarantine.example, 1 quarantine dkim=fail spf=fail quarantine.example -",
        "quarantine.example, hold, 198.51.100.9, '', a@quarantine.example, 1 quarantine dkim=fail spf=fail quarantine.example -",
        "quarantine.example, refuse, 198.51.100.9, '', a@quarantine.example, 1 reject dkim=fail spf=fail local_policy quarantine.example -",
        "tested.example, usual, 198.51.100.9, '', a@tested.example, 1 none dkim=fail spf=fail policy_test_mode tested.example -",
        "half.example, mark, 198.51.100.9, a@half.example, a@half.example, 1 none dkim=fail spf=fail other half.example half.example",
    })
    void whatWasJudgedIsTold(String domain, String how, String client, String sender, String author, String wanted) {
        judge(settings(how), client, sender, author);
        assertThat(rows(domain)).singleElement().satisfies(row -> {
            assertThat(words(row)).isEqualTo(wanted);
            assertThat(row.source()).isEqualTo(InetAddress.ofLiteral(client));
        });
    }

    @Test
    void mailThatIsPutOffCountsWhenItComesAgain() {
        assertThat(judge(settings("defer"), "198.51.100.9", "a@half.example", "a@half.example"))
                .isInstanceOf(Verdict.Defer.class);
        assertThat(ledger.days()).isEmpty();
    }

    @Test
    void nobodyIsToldWhoDoesNotAsk() {
        judge(settings("usual"), "198.51.100.9", "", "a@silent.example");
        judge(settings("usual"), "198.51.100.9", "", "a@web.example");
        judge(settings("usual"), "198.51.100.9", "", "a@nothing.example");
        assertThat(ledger.days()).isEmpty();
    }

    @Test
    void eachAuthorsDomainHasARow() {
        judge(settings("usual"), "192.0.2.1", "a@none.example", "a@none.example, b@reject.example");
        assertThat(rows("none.example")).hasSize(1);
        assertThat(rows("reject.example")).hasSize(1);
    }

    @Test
    void whatSpfAndDkimSaidIsTold() {
        world.judge(
                settings("usual"),
                new ObservationRecorder(ledger),
                ReportingWorld.GOOD,
                "bounce@none.example",
                """
                DKIM-Signature: v=1; a=rsa-sha256; d=reject.example; s=s1; h=from; bh=AAAA; b=AAAA
                From: a@reject.example

                Hello.
                """.replace("\n", "\r\n"));
        AggregateRow row = rows("reject.example").getFirst();
        assertThat(row.results().spf())
                .extracting(SpfAuthResult::domain, one -> one.result().word())
                .containsExactly(tuple(DomainName.of("none.example"), "pass"));
        assertThat(row.results().dkim())
                .extracting(DkimAuthResult::domain, one -> one.selector().orElse(""))
                .containsExactly(tuple(DomainName.of("reject.example"), "s1"));
    }
}
