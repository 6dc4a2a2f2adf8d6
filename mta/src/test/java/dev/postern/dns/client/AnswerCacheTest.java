package dev.postern.dns.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.TlsaRecord;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private static final int OCTETS = 100_000;
    private static final int ANSWERS = 100;

    @Test
    void largeTlsaRecordsCountForWhatTheyTake() {
        Duration day = Duration.ofDays(1);
        AnswerCache cache = new AnswerCache(
                new CacheSettings(OCTETS, Duration.ZERO, day, day, Duration.ofSeconds(1)), System::nanoTime);
        String large = "00".repeat(OCTETS / 20);
        List<DomainName> names = IntStream.range(0, ANSWERS)
                .mapToObj(i -> DomainName.of("_25._tcp.mx" + i + ".example"))
                .toList();
        names.forEach(name -> cache.put(
                name,
                RecordType.TLSA,
                new DnsAnswer.Found<>(List.of(new TlsaRecord(3, 1, 0, large)), name, day, true)));
        long kept = names.stream()
                .filter(name -> cache.get(name, RecordType.TLSA).isPresent())
                .count();
        assertThat(kept).isPositive().isLessThanOrEqualTo(OCTETS / large.length());
    }
}
