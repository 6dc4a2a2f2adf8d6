package dev.postern.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class ResumableSessionsTest {
    private static final int NAMES = 2000;
    private static final int HOSTS = 300;

    private final ResumableSessions sessions = new ResumableSessions(() -> SSLContext.getInstance("TLS"));

    ResumableSessionsTest() throws Exception {}

    private static List<X509Certificate> chain(int names) throws Exception {
        List<String> hosts = IntStream.range(0, names)
                .mapToObj(i -> "mx" + i + ".example.org")
                .toList();
        return SelfSigned.make(hosts, Instant.now(), Duration.ofDays(1), Optional.empty())
                .identity()
                .chain();
    }

    @Test
    void aServerThatWasCheckedInVainHasAContextOfItsOwnEachTime() throws Exception {
        SSLContext shared = sessions.contextFor("good.example");
        sessions.shown("bad.example", chain(1), true);
        SSLContext own = sessions.contextFor("bad.example");
        assertThat(own).isNotSameAs(shared);
        assertThat(sessions.contextFor("bad.example")).isNotSameAs(own).isNotSameAs(shared);
        assertThat(sessions.contextFor("good.example")).isSameAs(shared);
    }

    @Test
    void whereTooManyWereCheckedInVainAllSessionsAreForgotten() throws Exception {
        SSLContext before = sessions.contextFor("good.example");
        List<X509Certificate> chain = chain(1);
        for (int i = 0; i < ResumableSessions.MOST; i++) {
            sessions.shown("bad" + i + ".example", chain, true);
        }
        assertThat(sessions.contextFor("good.example")).isNotSameAs(before);
    }

    @Test
    void sessionsOfLargeChainsAreForgottenBeforeTheyTakeMuchMemory() throws Exception {
        SSLContext before = sessions.contextFor("good.example");
        List<X509Certificate> usual = chain(2);
        for (int i = 0; i < ResumableSessions.MOST * 5; i++) {
            sessions.shown("mx" + i + ".example", usual, false);
        }
        assertThat(sessions.contextFor("good.example")).as("usual ones").isSameAs(before);
        List<X509Certificate> large = chain(NAMES);
        for (int i = 0; i < HOSTS; i++) {
            sessions.shown("mx" + i + ".example", large, false);
        }
        assertThat(sessions.contextFor("good.example")).isNotSameAs(before);
    }
}
