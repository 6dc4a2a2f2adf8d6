package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.route.DomainPattern;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncryptionPolicyTest {
    private static final EncryptionPolicy POLICY = new EncryptionPolicy(new EncryptionSettings(
            Set.of(ListenerRole.LMTP),
            NetworkSet.of("192.0.2.0/24", "2001:db8::/32"),
            List.of(
                    DomainPattern.parse("example.com").orElseThrow(),
                    DomainPattern.parse("*.bank.example").orElseThrow())));

    private static Endpoint peer(String address) {
        return address.startsWith("/")
                ? new Endpoint.Unix(Path.of(address))
                : new Endpoint.Inet(InetAddress.ofLiteral(address), 1025);
    }

    private static SessionFacts session(ListenerRole role, String address) {
        return SessionFacts.of(new QueueId(1), role, peer("127.0.0.1"), peer(address));
    }

    private static SessionFacts secured(SessionFacts clear) throws NoSuchAlgorithmException {
        return clear.secured(new TlsState(
                "TLSv1.3",
                "TLS_AES_128_GCM_SHA256",
                SSLContext.getDefault().createSSLEngine().getSession()));
    }

    private static MailFacts mail(String path) {
        return new MailFacts(ReversePath.parse(path).orElseThrow(), MailParameters.none());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            MX    | 192.0.2.1       | clients of this network must use TLS | {network=192.0.2.0/24}
            MX    | 2001:db8::9     | clients of this network must use TLS | {network=2001:db8:0:0:0:0:0:0/32}
            MX    | 198.51.100.1    | -                                    | -
            MX    | 127.0.0.1       | -                                    | -
            LMTP  | 198.51.100.1    | this listener requires TLS           | {listener=lmtp}
            LMTP  | 192.0.2.1       | this listener requires TLS           | {listener=lmtp}
            LMTP  | /run/lmtp       | -                                    | -
            LOCAL | /run/submission | -                                    | -
            """)
    void whoMustEncryptFirst(ListenerRole role, String address, String why, String inputs) throws Exception {
        SessionFacts session = session(role, address);
        Verdict verdict = POLICY.clear(session);
        if (why == null) {
            assertThat(verdict).isEqualTo(Verdict.noOpinion());
        } else {
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Reject.class, reject -> {
                assertThat(reject.why()).isEqualTo(why);
                assertThat(reject.inputs()).hasToString(inputs);
                assertThat(reject.reply()).hasToString("530 5.7.0 must issue a STARTTLS command first");
            });
        }
        assertThat(POLICY.clear(secured(session))).isEqualTo(Verdict.noOpinion());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            a@example.com         | example.com
            a@EXAMPLE.com         | example.com
            a@www.bank.example    | *.bank.example
            a@b.www.bank.example  | *.bank.example
            a@bank.example        | -
            a@sub.example.com     | -
            a@example.org         | -
            a@[192.0.2.1]         | -
            ''                    | -
            """)
    void whoseMailRequiresTls(String sender, String pattern) throws Exception {
        SessionFacts session = session(ListenerRole.MX, "198.51.100.1");
        Verdict verdict = POLICY.mail(session, mail(sender));
        if (pattern == null) {
            assertThat(verdict).isEqualTo(Verdict.noOpinion());
        } else {
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Reject.class, reject -> {
                assertThat(reject.inputs()).containsEntry("required-for", pattern);
                assertThat(reject.reply().toString()).startsWith("530 5.7.10 ");
            });
        }
        assertThat(POLICY.mail(secured(session), mail(sender))).isEqualTo(Verdict.noOpinion());
    }

    @Test
    void whatComesOverAUnixSocketCrossesNoNetwork() {
        assertThat(POLICY.mail(session(ListenerRole.LOCAL, "/run/submission"), mail("a@example.com")))
                .isEqualTo(Verdict.noOpinion());
    }
}
