package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.policy.NetworkSet;
import dev.postern.route.DomainPattern;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EtrnRightsTest {
    private static final EtrnRights RIGHTS = new EtrnRights(List.of(
            right("branch.example", "192.0.2.0/28"),
            right("branch.example", "2001:db8::7"),
            right("*.group.example", "198.51.100.7")));

    private static EtrnRights.Right right(String domains, String hosts) {
        return new EtrnRights.Right(DomainPattern.parse(domains).orElseThrow(), NetworkSet.of(hosts));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, branch.example, true",
        "2001:db8::7, branch.example, true",
        "192.0.2.16, branch.example, false",
        "198.51.100.7, branch.example, false",
        "192.0.2.7, sub.branch.example, false",
        "192.0.2.7, example, false",
        "198.51.100.7, a.group.example, true",
        "198.51.100.7, b.a.group.example, true",
        "198.51.100.7, group.example, false",
        "198.51.100.7, agroup.example, false",
        "192.0.2.7, a.group.example, false",
    })
    void hostAsksForItsOwnDomainsOnly(String host, String domain, boolean permitted) {
        assertThat(RIGHTS.permits(InetAddress.ofLiteral(host), DomainName.of(domain)))
                .isEqualTo(permitted);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, true", "198.51.100.7, true", "203.0.113.1, false"})
    void hostMayAskForSomethingOrNothing(String host, boolean known) {
        assertThat(RIGHTS.knows(InetAddress.ofLiteral(host))).isEqualTo(known);
    }
}
