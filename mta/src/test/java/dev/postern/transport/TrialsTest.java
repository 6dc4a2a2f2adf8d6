package dev.postern.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.Step;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.TlsTrial.AppliedPolicy;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialsTest {
    private static final DomainName MX = DomainName.of("mx.example.org");
    private static final InetAddress THEIRS = InetAddress.ofLiteral("198.51.100.25");

    /// RFC 8460 §4.4: who reads the report knows us by our public address; another one is nobody's business.
    @ParameterizedTest
    @CsvSource({
        "203.0.113.25, true",
        "2001:db8::25, true",
        "10.0.0.25, false",
        "127.0.0.1, false",
        "fd00::25, false",
        "100.64.0.1, false"
    })
    void ourAddressIsToldWhereItIsAPublicOne(String local, boolean told) {
        InetAddress ours = InetAddress.ofLiteral(local);
        List<TlsTrial> trials = new ArrayList<>();

        new Trials(trials::add)
                .opened(
                        new NextHops.Hop(MX.text(), new Endpoint.Inet(THEIRS, 25), HopHost.named(MX, true)),
                        new HopDecision.Use(
                                new TlsRequirement.Encrypt(),
                                HopDecision.Watch.nothing(),
                                Optional.of(AppliedPolicy.none(DomainName.of("example.org"))),
                                List.of()),
                        new Opening.Failed(
                                Step.HANDSHAKE,
                                EnhancedStatus.of("4.7.5"),
                                "lost at TLS handshake",
                                Optional.empty(),
                                Optional.of(new Opening.End(new Endpoint.Inet(ours, 40_000), Optional.empty()))));

        assertThat(trials)
                .singleElement()
                .extracting(TlsTrial::addresses)
                .isEqualTo(new TlsTrial.Addresses(Optional.of(THEIRS), told ? Optional.of(ours) : Optional.empty()));
    }
}
