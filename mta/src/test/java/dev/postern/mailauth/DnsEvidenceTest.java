package dev.postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsEvidenceTest {
    private static final DomainName NAME = DomainName.of("a.example");

    private static DnsEvidence evidence(List<String> texts) {
        return DnsEvidence.of(NAME, RecordType.TXT, new DnsAnswer.Found<>(texts, NAME, Duration.ofMinutes(5), true));
    }

    @Test
    void textOfAStrangerDoesNothingWhereItIsShown() {
        assertThat(evidence(List.of("v=x; \"quoted\\\"", "\u001b[2J\r\n\u00e9\0")))
                .hasToString(
                        "a.example TXT: \"v=x; \\\"quoted\\\\\\\"\", \"\\027[2J\\013\\010\\233\\000\" (ttl 300, DNSSEC)");
    }

    @Test
    void answerOfAnySizeIsCut() {
        assertThat(evidence(Collections.nCopies(5000, "\0".repeat(60_000))).answer())
                .hasSizeLessThan(600);
    }
}
