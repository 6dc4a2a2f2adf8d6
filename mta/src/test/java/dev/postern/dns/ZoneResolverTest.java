package dev.postern.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ZoneResolverTest extends ResolverContract {
    @Override
    protected Resolver resolver(String masterFile) {
        return ZoneResolver.of(masterFile);
    }

    @Test
    void timeOutFailsAtOnce() {
        assertThat(ZoneResolver.of("slow.example. TIMEOUT").resolve(DomainName.of("slow.example"), RecordType.A))
                .isEqualTo(new DnsAnswer.Failed<>("no answer came for slow.example A"));
    }
}
