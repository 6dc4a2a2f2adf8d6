package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.pressure.Level;
import dev.postern.pressure.Pressure;
import dev.postern.pressure.Resource;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.NullPath;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PressurePolicyTest {

    private static final Endpoint HERE = new Endpoint.Inet(InetAddress.ofLiteral("192.0.2.25"), 25);
    private static final Endpoint THERE = new Endpoint.Inet(InetAddress.ofLiteral("198.51.100.1"), 40000);

    private static Verdict mail(ListenerRole role, boolean trusted, Pressure pressure) {
        PressurePolicy policy = new PressurePolicy(any -> trusted, () -> pressure);
        return policy.mail(
                SessionFacts.of(new QueueId(0), role, HERE, THERE),
                new MailFacts(new NullPath(), MailParameters.none()));
    }

    @ParameterizedTest
    @CsvSource({
        "DISK, '452 4.3.1 no room for more mail now, come again later'",
        "MEMORY, '452 4.3.1 no memory for more mail now, come again later'",
    })
    void mailOfOtherServersIsPutOffWhileDiskOrMemoryLack(Resource resource, String reply) {
        Verdict verdict = mail(ListenerRole.MX, false, Pressure.of(resource, Level.OVERLOADED));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Defer.class, defer -> {
            assertThat(defer.reply()).hasToString(reply);
            assertThat(defer.inputs()).containsEntry("short-of", resource.label());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "MX, false, DISK, BUSY",
        "MX, false, SPOOL, OVERLOADED",
        "MX, false, SESSIONS, OVERLOADED",
        "MX, true, DISK, OVERLOADED",
        "SUBMISSION, false, DISK, OVERLOADED",
        "SUBMISSIONS, false, MEMORY, OVERLOADED",
        "LMTP, false, DISK, OVERLOADED",
        "LOCAL, true, DISK, OVERLOADED",
    })
    void allOtherMailGoesOn(ListenerRole role, boolean trusted, Resource resource, Level level) {
        assertThat(mail(role, trusted, Pressure.of(resource, level))).isEqualTo(Verdict.noOpinion());
    }
}
