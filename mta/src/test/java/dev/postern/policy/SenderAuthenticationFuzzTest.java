package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.dns.Zone;
import dev.postern.dns.ZoneResolver;
import dev.postern.mailauth.results.AuthenticationResults;
import dev.postern.mailauth.results.MethodResult;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Any message, brought by anybody, with anything in DNS: it is judged, and our field says what we found in words that
/// nobody can mistake.
class SenderAuthenticationFuzzTest {
    private static final DomainName RECEIVER = DomainName.of("mx.receiver.example");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T03:00:00Z"));

    /// HELO, reverse-path, master file and message, with a NUL between.
    @FuzzTest
    void messages(byte[] octets) throws IOException {
        String[] parts = new String(octets, StandardCharsets.ISO_8859_1).split("\0", 4);
        String helo = parts[0];
        ReversePath sender = Mailbox.parse(part(parts, 1))
                .<ReversePath>map(mailbox -> mailbox)
                .orElseGet(NullPath::new);
        Resolver dns =
                Zone.parse(part(parts, 2)) instanceof Zone.Good good ? new ZoneResolver(good.zone()) : Resolver.none();
        byte[] message = part(parts, 3).getBytes(StandardCharsets.ISO_8859_1);
        AuthenticationReport report = new SenderAuthentication(dns, RECEIVER, CLOCK, Optional.empty())
                .check(
                        new SenderAuthentication.Bearer(InetAddress.ofLiteral("192.0.2.1"), helo, sender),
                        Content.of(message));
        Verdict verdict = AuthenticationPolicy.judge(settings(), report);
        assertThat(verdict.why()).isNotBlank();
        AuthenticationResults said = report.results(RECEIVER);
        String field = said.field(false).text();
        assertThat(field).matches("(?:[ -~]|\r\n\t)+");
        assertThat(AuthenticationResults.parse(field.substring(field.indexOf(':') + 1))
                        .orElseThrow()
                        .results())
                .extracting(SenderAuthenticationFuzzTest::word)
                .isEqualTo(said.results().stream()
                        .map(SenderAuthenticationFuzzTest::word)
                        .toList());
    }

    private static String part(String[] parts, int number) {
        return number < parts.length ? parts[number] : "";
    }

    private static String word(MethodResult result) {
        return result.method() + "=" + result.result();
    }

    private static AuthenticationSettings settings() {
        return new AuthenticationSettings(
                RECEIVER, true, AuthenticationSettings.Quarantine.REFUSE, true, new NetworkSet(List.of()), Set.of());
    }
}
