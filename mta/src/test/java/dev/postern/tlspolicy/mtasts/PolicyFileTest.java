package dev.postern.tlspolicy.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyFileTest {
    private static StsPolicy policy(StsPolicy.Mode mode) {
        return new StsPolicy(mode, List.of("mail.example.org", "mx2.example.net"), Duration.ofDays(7));
    }

    @Test
    void textIsThatOfTheStandard() {
        assertThat(new PolicyFile(policy(StsPolicy.Mode.TESTING)).text()).isEqualTo("""
                version: STSv1\r
                mode: testing\r
                mx: mail.example.org\r
                mx: mx2.example.net\r
                max_age: 604800\r
                """);
    }

    /// RFC 8461 §3.1: senders look for another policy when the id is another one, and not before.
    @Test
    void idIsAnotherOneIfAndOnlyIfThePolicyIs() {
        StsPolicy policy = policy(StsPolicy.Mode.TESTING);
        String id = new PolicyFile(policy).id();
        assertThat(id).matches("[a-z0-9]{1,32}").isEqualTo(new PolicyFile(policy(StsPolicy.Mode.TESTING)).id());
        assertThat(List.of(
                        policy(StsPolicy.Mode.ENFORCE),
                        new StsPolicy(policy.mode(), policy.hosts().reversed(), policy.maxAge()),
                        new StsPolicy(policy.mode(), policy.hosts(), Duration.ofDays(8))))
                .extracting(other -> new PolicyFile(other).id())
                .doesNotContain(id)
                .doesNotHaveDuplicates();
    }
}
